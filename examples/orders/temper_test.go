package main

import (
	"strconv"
	"testing"

	"github.com/matryer/is"
)

func TestTheDirectoryRefusesAboutFivePercentAndIsSometimesSlow(t *testing.T) {
	is := is.New(t)
	const calls = 100_000
	refused, delayed := 0, 0
	for i := range calls {
		a := temper{1}.of(strconv.Itoa(i), 0)
		switch {
		case a.refused:
			refused++
		case a.delay > 0:
			delayed++
		}
	}
	is.True(refused > calls*45/1000 && refused < calls*55/1000)
	is.True(delayed > calls*18/1000 && delayed < calls*28/1000)
}

func TestTheSeedTheRequestAndItsNumberDecideTheAnswer(t *testing.T) {
	is := is.New(t)
	sameSeed, sameRequest, sameNumber := true, true, true
	for i := range 200 {
		a := temper{1}.of(strconv.Itoa(i), 0)
		is.Equal(a, temper{1}.of(strconv.Itoa(i), 0))
		sameSeed = sameSeed && a == temper{2}.of(strconv.Itoa(i), 0)
		sameRequest = sameRequest && a == temper{1}.of("other", 0)
		sameNumber = sameNumber && a == temper{1}.of(strconv.Itoa(i), 1)
	}
	is.True(!sameSeed)
	is.True(!sameRequest)
	is.True(!sameNumber)
}

func TestWhoIsRefusedIsSoonAnswered(t *testing.T) {
	is := is.New(t)
	for i := range 10_000 {
		request, tries := strconv.Itoa(i), 0
		for a := (temper{3}).of(request, 0); a.refused || a.delay > patiently.AttemptTimeout; a = (temper{3}).of(request, tries) {
			tries++
		}
		is.True(tries < patiently.MaxAttempts)
	}
}
