// Time limits for evaluations: WebAssembly has one thread, so no timer fires unless someone looks at the clock.

package main

import (
	"runtime"
	"time"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// clockEvery says how many questions or events pass between two looks at the clock.
const clockEvery = 256

// deadline is a topdown.Cancel that reads the clock while it is asked.
type deadline struct {
	at    time.Time
	asked uint32
	past  bool
}

func newDeadline(limit time.Duration) *deadline { return &deadline{at: time.Now().Add(limit)} }

// Cancel makes the evaluation stop at its next question.
func (d *deadline) Cancel() { d.past = true }

// Cancelled tells the evaluation whether to stop.
func (d *deadline) Cancelled() bool {
	if d.asked++; d.asked%clockEvery == 0 && !d.past {
		d.past = time.Now().After(d.at)
	}
	return d.past
}

// yielder is a tracer that now and then lets another goroutine run, so that the test runner's own
// timers fire. It passes the events on to the coverage, if that is wanted.
type yielder struct {
	cover *cover.Cover
	seen  uint32
	last  time.Time
}

// Enabled says that events are wanted.
func (y *yielder) Enabled() bool { return true }

// Config says how detailed the events have to be.
func (y *yielder) Config() topdown.TraceConfig {
	if y.cover != nil {
		return y.cover.Config()
	}
	return topdown.TraceConfig{}
}

// TraceEvent counts an event and passes it on.
func (y *yielder) TraceEvent(event topdown.Event) {
	if y.cover != nil {
		y.cover.TraceEvent(event)
	}
	if y.seen++; y.seen%clockEvery != 0 {
		return
	}
	if now := time.Now(); now.Sub(y.last) > 10*time.Millisecond {
		y.last = now
		runtime.Gosched()
	}
}
