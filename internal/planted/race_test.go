//go:build race

package planted

func raceFlag() []string { return []string{"-race"} }
