package ergontest

import "slices"

// conformTrialsOfSource are all that a source has to stand.
func conformTrialsOfSource[T any]() []conformTrial[T] {
	return slices.Concat(
		conformTrialsOfLife[T](), conformTrialsOfFetch[T](), conformTrialsOfFilling[T](), conformTrialsOfForm[T](),
		conformTrialsOfSettling[T](), conformTrialsOfStale[T](), conformTrialsOfLeases[T](), conformTrialsOfKnowing[T](), conformTrialsOfLoad[T](),
		conformTrialsOfPartitions[T](), conformTrialsOfOutages[T](),
	)
}

// conformTrialsOfSink are all that a sink has to stand.
func conformTrialsOfSink[T any]() []conformTrial[T] {
	trials := slices.Concat(conformTrialsOfSinkLife[T](), conformTrialsOfDispatch[T](), conformTrialsOfSinkForm[T]())
	for i := range trials {
		trials[i].sink = true
	}
	return trials
}
