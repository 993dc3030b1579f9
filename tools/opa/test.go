// test: the test rules, each with a time limit, and the lines that they reached.

package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/tester"
)

const defaultTestLimit = 5 * time.Second

// testResult is what became of one test rule.
type testResult struct {
	Package string          `json:"package"`
	Name    string          `json:"name"`
	File    string          `json:"file"`
	Line    int             `json:"line"`
	Outcome string          `json:"outcome"` // pass, fail, skip, error
	Millis  float64         `json:"millis"`
	Printed string          `json:"printed,omitempty"`
	Problem *problem        `json:"problem,omitempty"`
	Cases   map[string]bool `json:"cases,omitempty"` // of a rule with one: name → passed
}

func test(ctx context.Context, r *request) *answer {
	s, err := readSources(r)
	if err != nil {
		return failed(err)
	}
	store := newStore(r)
	txn, err := store.NewTransaction(ctx, storage.WriteParams)
	if err != nil {
		return failed(err)
	}
	defer store.Abort(ctx, txn)
	tracer := &yielder{last: time.Now()}
	if r.Coverage {
		tracer.cover = cover.New()
	}
	results, err := tester.NewRunner().SetStore(store).SetModules(s.modules).
		SetCompiler(s.compiler().WithPathConflictsCheck(storage.NonEmpty(ctx, store, txn))).
		AddCustomBuiltins(testBuiltins(s.capabilities)).SetRuntime(ast.ObjectTerm()).
		CapturePrintOutput(true).SetCoverageQueryTracer(tracer).
		SetTimeout(limitOf(r, defaultTestLimit)).Filter(r.Run).SetParallel(1).RunTests(ctx, txn)
	if err != nil {
		return failed(err)
	}
	a := collect(results)
	if tracer.cover != nil {
		report := tracer.cover.Report(s.modules)
		a.Coverage = &report
	}
	return a
}

func collect(results chan *tester.Result) *answer {
	a := &answer{OK: true}
	for result := range results {
		t := readResult(result)
		a.OK = a.OK && (t.Outcome == "pass" || t.Outcome == "skip")
		a.Tests = append(a.Tests, t)
	}
	slices.SortFunc(a.Tests, func(x, y testResult) int {
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Name, y.Name))
	})
	return a
}

func readResult(result *tester.Result) testResult {
	t := testResult{
		Package: result.Package, Name: result.Name, Outcome: "pass",
		Millis: float64(result.Duration.Microseconds()) / 1000, Printed: string(result.Output),
	}
	if result.Location != nil {
		t.File, t.Line = result.Location.File, result.Location.Row
	}
	switch {
	case result.Error != nil:
		p := problems(result.Error)[0]
		t.Outcome, t.Problem = "error", &p
	case result.Fail:
		t.Outcome = "fail"
	case result.Skip:
		t.Outcome = "skip"
	}
	for name, sub := range result.SubResults {
		if t.Cases == nil {
			t.Cases = map[string]bool{}
		}
		t.Cases[name] = !sub.Fail
	}
	return t
}

func limitOf(r *request, otherwise time.Duration) time.Duration {
	if r.TimeoutMs > 0 {
		return time.Duration(r.TimeoutMs) * time.Millisecond
	}
	return otherwise
}
