package killing

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Longest is how long, at most, a child lives once it has told of the first thing
// it finished.
const Longest = 40 * time.Millisecond

// patience bounds how long a child may take, for the first thing or for all.
const patience = 2 * time.Minute

// Killer starts children of one job, one after the other, and kills them. It
// belongs to one goroutine.
type Killer struct {
	job     string
	moments *rand.Rand
}

// Kill starts a child, waits until it tells of the first thing it has finished,
// kills it at a random moment from then on, and returns all that it told. It is an
// error where the child ends by itself, or complains.
func (k *Killer) Kill(ctx context.Context, settings any, first string) ([]Line, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	moment := time.Duration(k.moments.Int64N(int64(Longest)))
	p, err := Start(ctx, k.job, settings)
	if err != nil {
		return nil, err
	}
	told, ok := until(p, first)
	if !ok {
		p.Kill()
		return told, fmt.Errorf("killing: the child finished nothing, no line %q: %w", first, p.Wait())
	}
	time.Sleep(moment) // what is tested is that the moment does not matter
	p.Kill()
	told = append(told, p.Rest()...)
	return told, p.bury()
}

// until returns what a child tells, up to the first line of a kind.
func until(p *Process, first string) ([]Line, bool) {
	var told []Line
	for {
		line, ok := p.Next()
		if !ok {
			return told, false
		}
		told = append(told, line)
		if line.What == first {
			return told, true
		}
	}
}

// Finish starts a child, lets it come to its end, and returns what it told.
func (k *Killer) Finish(ctx context.Context, settings any) ([]Line, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p, err := Start(ctx, k.job, settings)
	if err != nil {
		return nil, err
	}
	told := p.Rest()
	return told, p.Wait()
}
