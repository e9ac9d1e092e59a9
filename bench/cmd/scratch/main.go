// Command scratch.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

func main() {
	stages := flag.Int("s", 1, "")
	workers := flag.Int("w", 1, "")
	ordered := flag.Bool("o", false, "")
	n := flag.Int("n", 1<<20, "")
	rounds := flag.Int("r", 5, "")
	memprof := flag.String("m", "", "")
	prof := flag.String("p", "", "")
	step := flag.String("step", "trivial", "")
	flag.Parse()
	if *memprof != "" {
		runtime.MemProfileRate = 512
		defer func() {
			runtime.GC()
			runtime.GC()
			f, _ := os.Create(*memprof)
			pprof.Lookup("allocs").WriteTo(f, 0)
			f.Close()
		}()
	}
	j := peers.Job{Shape: peers.Shape{Stages: *stages, Workers: *workers, Ordered: *ordered}, Items: work.Items(*n), Step: work.Trivial}
	switch *step {
	case "cpu":
		j.Step = work.Trivial
	case "sleep":
		j.Step = work.Sleepy(time.Millisecond)
	}
	base := peers.Raw()
	if *ordered {
		base = peers.RawOrdered()
	}
	all := []peers.Peer{base, peers.Ergon()}
	if *prof != "" {
		f, _ := os.Create(*prof)
		pprof.StartCPUProfile(f)
		defer f.Close()
		defer pprof.StopCPUProfile()
		all = all[1:]
	}
	for range *rounds {
		for _, p := range all {
			runtime.GC()
			var a, b syscall.Rusage
			var m1, m2 runtime.MemStats
			runtime.ReadMemStats(&m1)
			syscall.Getrusage(0, &a)
			t := time.Now()
			if _, err := p.Run(context.Background(), j); err != nil {
				panic(err)
			}
			wall := time.Since(t)
			syscall.Getrusage(0, &b)
			runtime.ReadMemStats(&m2)
			cpu := b.Utime.Nano() + b.Stime.Nano() - a.Utime.Nano() - a.Stime.Nano()
			sys := b.Stime.Nano() - a.Stime.Nano()
			fmt.Printf("%-24s wall %6.1f  cpu %6.1f  sys %5.1f  csw/1k %.2f  gc %d allocs %.4f\n", p.Name, float64(wall)/float64(*n), float64(cpu)/float64(*n), float64(sys)/float64(*n), float64(b.Nvcsw-a.Nvcsw)*1000/float64(*n), m2.NumGC-m1.NumGC, float64(m2.Mallocs-m1.Mallocs)/float64(*n))
		}
	}
}
