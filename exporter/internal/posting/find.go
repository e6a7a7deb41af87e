package posting

import "slices"

// A Reader calls yield with the blocks that chunks have in a part.
type Reader func(part int, chunks []int64, yield func(chunk int64, block []byte) error) error

// Find returns the pos of the events in chunks that have a term of each set, and
// of some that do not.
func Find(sets [][]Term, chunks []int64, read Reader) ([]int64, error) {
	var all map[int64]*Places
	for _, set := range sets {
		these, err := either(set, chunks, read)
		if err != nil {
			return nil, err
		}
		chunks = nil
		for chunk, places := range these {
			if all == nil || places.Intersect(all[chunk]) {
				chunks = append(chunks, chunk)
			}
		}
		all = these
	}
	var pos []int64
	for _, chunk := range chunks {
		pos = all[chunk].AppendTo(pos, chunk)
	}
	return pos, nil
}

// either returns the places of the terms of a set in each chunk that has some.
func either(set []Term, chunks []int64, read Reader) (map[int64]*Places, error) {
	byPart := map[int][]uint32{}
	for _, t := range set {
		byPart[t.Part()] = append(byPart[t.Part()], uint32(t))
	}
	found := map[int64]*Places{}
	for part, wanted := range byPart {
		slices.Sort(wanted)
		isWanted := func(low uint32) bool {
			_, ok := slices.BinarySearch(wanted, low)
			return ok
		}
		err := read(part, chunks, func(chunk int64, block []byte) error {
			return Decode(block, isWanted, func(place uint64) {
				if found[chunk] == nil {
					found[chunk] = new(Places)
				}
				found[chunk].Add(place)
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
