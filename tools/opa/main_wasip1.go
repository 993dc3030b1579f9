// The reactor's two exports: a buffer for the request, and the call itself.

// Package main is OPA's authoring half (check, format, build, test, eval) as one WebAssembly module.
// It reads no file: a request carries every source as text, an answer carries every result.
package main

import (
	"encoding/binary"
	"encoding/json"
	"unsafe"
)

// Both buffers are reachable from here until the next call; the host reads and writes them by address.
var requestBuffer, answerBuffer []byte

func main() {} // A reactor has no main of its own: the host calls the exports.

// podgraftAlloc returns the address of a buffer for one request of n bytes.
//
//go:wasmexport podgraft_alloc
func podgraftAlloc(n uint32) unsafe.Pointer {
	requestBuffer = make([]byte, n+1) // One more, so that an empty request has an address too.
	return unsafe.Pointer(&requestBuffer[0])
}

// podgraftCall answers the request of n bytes in the buffer. The result is address<<32 | length of
// the answer: the length of its JSON as four little-endian bytes, the JSON, and the compiled policy if there is one.
//
//go:wasmexport podgraft_call
func podgraftCall(n uint32) uint64 {
	a := answerTo(requestBuffer[:n])
	requestBuffer = nil
	text, err := json.Marshal(a)
	if err != nil {
		text = []byte(`{"ok":false,"fault":"the answer is not JSON"}`)
	}
	answerBuffer = make([]byte, 0, 4+len(text)+len(a.wasm))
	answerBuffer = binary.LittleEndian.AppendUint32(answerBuffer, uint32(len(text)))
	answerBuffer = append(append(answerBuffer, text...), a.wasm...)
	return uint64(uintptr(unsafe.Pointer(&answerBuffer[0])))<<32 | uint64(len(answerBuffer))
}
