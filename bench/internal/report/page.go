package report

import (
	_ "embed"
	"io"
	"strings"
	"text/template"

	"github.com/ergon-go/ergon/bench/internal/measure"
)

//go:embed page.tmpl
var pageText string

// Page writes the page in Markdown.
func Page(w io.Writer, r Run) error {
	page, err := template.New("page").Funcs(template.FuncMap{"cells": row, "row": markdownRow}).Parse(pageText)
	if err != nil {
		return err
	}
	return page.Execute(w, pageData{
		Run: r, Goals: r.results(measure.Result.Demanding), Others: r.results(func(m measure.Result) bool { return !m.Demanding() }),
		Peers: peersTable(r.Outcomes), Scenarios: scenarioTables(r.Outcomes), Plot: plotName, Notes: notes(r.Outcomes),
	})
}

// pageData is what the template is filled in with.
type pageData struct {
	Run
	Goals, Others []measure.Result
	Peers         [][]string
	Scenarios     []scenarioTable
	Notes         [][]string
	Plot          string
}

// Date is the day on which it was measured.
func (d pageData) Date() string { return d.Began.UTC().Format("2006-01-02") }

// Met is how many of the goals are met, over enough rounds.
func (d pageData) Met() int {
	n := 0
	for _, g := range d.Goals {
		if v := g.Verdict(); !provisional(g) && (v == measure.Met || v == measure.AimMet) {
			n++
		}
	}
	return n
}

func row(r measure.Result) string { return markdownRow(cells(r)) }

// markdownRow is a line of a table.
func markdownRow(cells []string) string {
	return "| " + strings.Join(cells, " | ") + " |"
}
