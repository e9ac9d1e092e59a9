package ergontest

import (
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
)

// updateFlag is the name of the flag that writes golden files.
const updateFlag = "update"

// offerFlag is read first of all flags where somebody asks for updateFlag.
const offerFlag = "ergontest.offer"

//nolint:gochecknoinits // only here can something still be put in front of the flags
func init() { os.Args = offered(flag.CommandLine, os.Args) }

// offered returns the arguments of a test binary so that -update is known,
// whether or not the package under test has such a flag. This package is
// initialised before that one: a flag that is registered now would clash with its
// own, and one that is registered in a test comes too late. So a flag is put in
// front of the others whose reading, when all packages are initialised, registers
// -update if nobody has.
func offered(flags *flag.FlagSet, args []string) []string {
	if !asksForUpdate(args) {
		return args
	}
	flags.BoolFunc(offerFlag, "offer -"+updateFlag+" where the package under test does not", func(string) error {
		if flags.Lookup(updateFlag) == nil {
			flags.Bool(updateFlag, false, "write golden files")
		}
		return nil
	})
	return slices.Insert(slices.Clone(args), 1, "-"+offerFlag)
}

// asksForUpdate reports whether these are the arguments of a test binary, as go
// test makes them, with an -update among them.
func asksForUpdate(args []string) bool {
	if len(args) == 0 {
		return false
	}
	test, update := false, false
	for _, arg := range args[1:] {
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		test = test || strings.HasPrefix(arg, "-test.")
		update = update || name == "-"+updateFlag || name == updateFlag && arg[0] == '-'
	}
	return test && update
}

// updating reports whether golden files are to be written.
func updating() bool { return isSet(flag.Lookup(updateFlag)) }

// isSet reports whether a flag is on, of whatever type somebody else made it.
func isSet(f *flag.Flag) bool {
	if f == nil {
		return false
	}
	on, err := strconv.ParseBool(f.Value.String())
	return on || err != nil && f.Value.String() != ""
}
