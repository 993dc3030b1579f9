// build: the modules compiled to one WebAssembly policy.

package main

import (
	"context"
	"encoding/json"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"
)

// build makes what `opa build -t wasm` makes of the same paths, byte for byte.
func build(ctx context.Context, r *request) *answer {
	s, err := readSources(r)
	if err != nil {
		return failed(err)
	}
	b := &bundle.Bundle{Data: map[string]any{}}
	b.SetRegoVersion(ast.RegoV1)
	b.Manifest.Roots = &[]string{"podgraft"}
	b.Manifest.Init()
	for _, name := range s.names {
		b.Modules = append(b.Modules, bundle.ModuleFile{
			URL: name, Path: name, Raw: []byte(r.Modules[name]), Parsed: s.modules[name],
		})
	}
	c := compile.New().WithBundle(b).WithCapabilities(s.capabilities).WithRegoVersion(ast.RegoV1).
		WithTarget(compile.TargetWasm).WithEntrypoints(r.Entrypoints...)
	if err := c.Build(ctx); err != nil {
		return failed(err)
	}
	built := c.Bundle()
	manifest, err := json.Marshal(built.Manifest)
	if err != nil {
		return failed(err)
	}
	return &answer{OK: true, Manifest: manifest, wasm: built.WasmModules[0].Raw}
}
