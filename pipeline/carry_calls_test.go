package pipeline_test

import "testing"

// What happens between a relief and its end depends on who comes first, so it is
// tried again and again.
func TestHoweverOftenNoStageHasMoreCallsThanWorkersAfterARelief(t *testing.T) {
	for range 100 {
		TestNoStageHasMoreCallsThanWorkersAfterARelief(t)
	}
}
