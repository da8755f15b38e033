// The side in Go: the server-driven framework of the same name, github.com/vango-go/vango.
//
// What its session does after a handler: render, carry the hids over, diff, convert, encode
// (renderComponent and convertPatches of its pkg/server; collecting the handlers anew is left out).
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/vango-go/vango/pkg/protocol"
	"github.com/vango-go/vango/pkg/vdom"
)

type row struct {
	id       int
	label    string
	selected bool
}

func rows(start, count int) []row {
	made := make([]row, count)
	for i := range made {
		made[i] = row{id: start + i, label: "pretty red chair " + strconv.Itoa(start+i)}
	}
	return made
}

// operations gives the rows before and after, as benches/peers/operations.py does.
func operations() map[string][2][]row {
	thousand := rows(1, 1000)
	changed := func(change func([]row) []row) [2][]row {
		return [2][]row{thousand, change(slices.Clone(thousand))}
	}
	return map[string][2][]row{
		"create 1,000":  {{}, thousand},
		"replace 1,000": {thousand, rows(1001, 1000)},
		"update every tenth": changed(func(r []row) []row {
			for i := 0; i < len(r); i += 10 {
				r[i].label += " !!!"
			}
			return r
		}),
		"select":       changed(func(r []row) []row { r[499].selected = true; return r }),
		"swap":         changed(func(r []row) []row { r[1], r[998] = r[998], r[1]; return r }),
		"remove":       changed(func(r []row) []row { return slices.Delete(r, 400, 401) }),
		"append 1,000": changed(func(r []row) []row { return append(r, rows(1001, 1000)...) }),
		"clear 1,000":  {thousand, {}},
	}
}

func tree(rows []row) *vdom.VNode {
	return vdom.Tbody(vdom.RangeKeyed(rows, func(r row) any { return r.id }, element))
}

func element(r row) *vdom.VNode {
	args := []any{
		vdom.Td(vdom.Class("col-md-1"), vdom.Text(strconv.Itoa(r.id))),
		vdom.Td(vdom.Class("col-md-4"), vdom.A(vdom.Class("lbl"), vdom.OnClick(func() {}), vdom.Text(r.label))),
		vdom.Td(vdom.Class("col-md-1"), vdom.A(vdom.Class("remove"), vdom.OnClick(func() {}),
			vdom.Span(vdom.Class("remove glyphicon glyphicon-remove"), vdom.AriaHidden(true)))),
		vdom.Td(vdom.Class("col-md-6")),
	}
	if r.selected {
		args = append(args, vdom.Class("danger"))
	}
	return vdom.Tr(args...)
}

func burst(before, after *vdom.VNode, hids *vdom.HIDGenerator) []byte {
	vdom.CopyHIDs(before, after)
	vdom.AssignHIDs(after, hids)
	found := vdom.Diff(before, after)
	patches := make([]protocol.Patch, len(found))
	for i, p := range found {
		if p.Unaddressable {
			panic(p.Reason)
		}
		patches[i] = protocol.Patch{
			Op: protocol.PatchOp(p.Op), HID: p.HID, Key: p.Key, Value: p.Value, ParentID: p.ParentID, Index: p.Index,
		}
		if p.Node != nil {
			patches[i].Node = protocol.VNodeToWire(p.Node)
		}
	}
	return protocol.EncodePatches(&protocol.PatchesFrame{Seq: 1, Patches: patches})
}

func play(mode string, before, after []row) float64 {
	hids := vdom.NewHIDGenerator()
	old := tree(before)
	vdom.AssignHIDs(old, hids)
	var next *vdom.VNode
	if mode == "diff" {
		next = tree(after)
	}
	runtime.GC()
	began := processorTime()
	if next == nil {
		next = tree(after)
	}
	sent := burst(old, next, hids)
	took := processorTime() - began
	// A sequence number and the count of the patches are two bytes.
	if len(sent) <= 2 {
		panic("nothing changed")
	}
	return float64(took.Nanoseconds()) / 1e6
}

// processorTime is what all threads of this process have used.
func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func main() {
	known := operations()
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		mode, operation, _ := strings.Cut(requests.Text(), "\t")
		states, ok := known[operation]
		if !ok {
			panic("no such operation: " + operation)
		}
		answer, _ := json.Marshal(map[string]float64{"vango-go, Go": play(mode, states[0], states[1])})
		fmt.Println(string(answer))
	}
}
