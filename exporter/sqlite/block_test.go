package sqlite_test

import (
	"slices"
	"testing"

	"github.com/activitylog-go/activitylog/exporter/sqlite"
)

func TestBlock(t *testing.T) {
	all := make([]int64, sqlite.ChunkSize)
	for i := range all {
		all[i] = int64(i)
	}
	places := map[uint32][]int64{
		0:          {0},
		7:          {0, 1, 63, 64, 4095},
		8:          all,
		1<<32 - 1:  {4095},
		0xdeadbeef: {17, 4000},
	}
	block := sqlite.Index(places)
	for low, want := range places {
		if got, err := sqlite.LookUp(block, low); err != nil || !slices.Equal(got, want) {
			t.Errorf("term %d is at %v, %v, want %v", low, got, err, want)
		}
	}
	if got, err := sqlite.LookUp(block, 9); err != nil || len(got) != 0 {
		t.Errorf("a term that is not there is at %v, %v", got, err)
	}
	whole := sqlite.Index(map[uint32][]int64{1: {4000, 4095}})
	for n := 1; n < len(whole); n++ {
		for _, low := range []uint32{1, 2} {
			if _, err := sqlite.LookUp(whole[:n], low); err == nil {
				t.Errorf("a block cut after %d bytes is read for term %d without an error", n, low)
			}
		}
	}
}

// FuzzBlock checks that a damaged block is an error or has other places, and
// never those of no event.
func FuzzBlock(f *testing.F) {
	f.Add(sqlite.Index(map[uint32][]int64{1: {4, 4095}, 2: {0}}), uint32(1))
	f.Add([]byte{1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, uint32(1))
	f.Fuzz(func(t *testing.T, block []byte, low uint32) {
		places, err := sqlite.LookUp(block, low)
		if err != nil {
			return
		}
		for _, p := range places {
			if p < 0 || p >= sqlite.ChunkSize {
				t.Fatalf("place %d is in no chunk", p)
			}
		}
	})
}
