package main

// chance is a small generator of random numbers (splitmix64): cheap to seed, which is done for every frame.
type chance struct {
	state uint64
}

func newChance(seed, number uint64) *chance {
	r := &chance{seed*0x9e3779b97f4a7c15 ^ number*0xd1342543de82ef95}
	r.next()
	return r
}

func (r *chance) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below: 0 to n-1.
func (r *chance) below(n int) int {
	return int(r.next() % uint64(n))
}

// in says yes once in n times.
func (r *chance) in(n int) bool {
	return r.below(n) == 0
}

func (r *chance) of(items []string) string {
	return items[r.below(len(items))]
}
