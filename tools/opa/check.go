// check and fmt: what can be said about the sources without evaluating them.

package main

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/util"
)

func check(ctx context.Context, r *request) *answer {
	s, err := readSources(r)
	if err != nil {
		return failed(err)
	}
	store := newStore(r)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return failed(err)
	}
	defer store.Abort(ctx, txn)
	c := s.compiler().WithStrict(r.Strict).WithPathConflictsCheck(storage.NonEmpty(ctx, store, txn))
	if c.Compile(s.modules); c.Failed() {
		return failed(c.Errors)
	}
	return &answer{OK: true}
}

func formatSources(_ context.Context, r *request) *answer {
	capabilities, err := readCapabilities(r)
	if err != nil {
		return failed(err)
	}
	a := &answer{OK: true, Files: map[string]string{}}
	for _, name := range util.KeysSorted(r.Modules) {
		formatted, err := format.SourceWithOpts(name, []byte(r.Modules[name]), format.Opts{
			RegoVersion:   ast.RegoV1,
			ParserOptions: &ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: capabilities},
		})
		if err != nil {
			a.OK = false
			a.Problems = append(a.Problems, problems(err)...)
			continue
		}
		if string(formatted) != r.Modules[name] {
			a.Files[name] = string(formatted)
		}
	}
	return a
}
