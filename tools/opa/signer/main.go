// The signer signs and verifies bundles with OPA's own code, so that tests can hold podgraft's against it.
// It is no part of the reactor.

//go:build !wasip1

package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/keys"
	"github.com/open-policy-agent/opa/v1/util"
)

const usage = "signer sign FOLDER PRIVATE_KEY ALGORITHM KEY_ID | signer verify ARCHIVE PUBLIC_KEY ALGORITHM KEY_ID"

const sizeLimit = 64 << 20

func main() {
	if len(os.Args) != 6 {
		fail(errors.New(usage))
	}
	var err error
	switch os.Args[1] {
	case "sign":
		err = sign(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	case "verify":
		err = verify(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	default:
		err = errors.New(usage)
	}
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// sign does what `opa sign --bundle .` does in the folder, which is a function of a package that can't be imported.
func sign(folder, keyFile, algorithm, keyID string) error {
	key, err := filepath.Abs(keyFile)
	if err != nil {
		return err
	}
	if err := os.Chdir(folder); err != nil {
		return err
	}
	hasher, err := bundle.NewSignatureHasher(bundle.SHA256)
	if err != nil {
		return err
	}
	files, err := hashFiles(bundle.NewDirectoryLoader("."), hasher)
	if err != nil {
		return err
	}
	token, err := bundle.GenerateSignedToken(files, bundle.NewSigningConfig(key, algorithm, ""), keyID)
	if err != nil {
		return err
	}
	signatures, err := json.MarshalIndent(map[string]any{"signatures": []string{token}}, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(".signatures.json", signatures, 0o644)
}

func hashFiles(loader bundle.DirectoryLoader, hasher bundle.SignatureHasher) ([]bundle.FileInfo, error) {
	files := []bundle.FileInfo{}
	for {
		f, err := loader.NextFile()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if bundle.IsSignaturesFile(f.Path()) {
			continue
		}
		info, err := hashFile(f, hasher)
		if err != nil {
			return nil, err
		}
		files = append(files, info)
	}
}

func hashFile(f *bundle.Descriptor, hasher bundle.SignatureHasher) (bundle.FileInfo, error) {
	none := bundle.FileInfo{}
	var content bytes.Buffer
	if _, err := f.Read(&content, sizeLimit); err != nil && err != io.EOF {
		return none, err
	}
	if err := f.Close(); err != nil {
		return none, err
	}
	var value any = content.Bytes()
	if bundle.IsStructuredDoc(f.URL()) {
		if err := util.Unmarshal(content.Bytes(), &value); err != nil {
			return none, err
		}
	}
	hash, err := hasher.HashFile(value)
	if err != nil {
		return none, err
	}
	name := strings.TrimPrefix(f.URL(), "/")
	return bundle.NewFile(name, hex.EncodeToString(hash), string(bundle.SHA256)), nil
}

// verify loads an archive as a server of OPA does that requires a signature by this key.
func verify(archive, keyFile, algorithm, keyID string) error {
	key, err := keys.NewKeyConfig(keyFile, algorithm, "")
	if err != nil {
		return err
	}
	config := bundle.NewVerificationConfig(map[string]*bundle.KeyConfig{keyID: key}, keyID, "", nil)
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	loaded, err := bundle.NewCustomReader(bundle.NewTarballLoaderWithBaseURL(f, "")).
		WithBundleVerificationConfig(config).Read()
	if err != nil {
		return err
	}
	for _, module := range loaded.WasmModules {
		fmt.Println(module.Path, len(module.Raw))
	}
	return nil
}
