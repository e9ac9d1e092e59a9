package heavy

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	_ "github.com/redpanda-data/benthos/v4/public/components/pure" // the defaults of a stream are its
	"github.com/redpanda-data/benthos/v4/public/service"

	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// benthosBatch is how many messages travel together.
const benthosBatch = 64

// Benthos is github.com/redpanda-data/benthos/v4 as a library: a stream with a
// processor for each stage, on as many threads as there are workers.
func Benthos() peers.Peer {
	return peers.Peer{
		Name: "benthos", Run: benthosRun, Slow: 4,
		Note: fmt.Sprintf("batches of %d; all stages of a batch on one thread", benthosBatch),
	}
}

func benthosRun(ctx context.Context, j peers.Job) (int, error) {
	var n atomic.Int64
	stream, produce, err := benthosStream(j, &n)
	if err != nil {
		return 0, fmt.Errorf("heavy: benthos: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- stream.Run(ctx) }() // until it is stopped
	err = benthosFeed(ctx, j, produce)
	err = errors.Join(err, stream.Stop(ctx))
	if failure := <-ended; failure != nil && !errors.Is(failure, context.Canceled) {
		err = errors.Join(err, failure)
	}
	return int(n.Load()), err
}

// benthosStream returns a stream that is not running yet.
func benthosStream(j peers.Job, n *atomic.Int64) (*service.Stream, service.MessageBatchHandlerFunc, error) {
	env := service.NewEnvironment()
	err := env.RegisterBatchProcessor("step", service.NewConfigSpec(),
		func(*service.ParsedConfig, *service.Resources) (service.BatchProcessor, error) {
			return benthosStep{j.Step}, nil
		})
	if err != nil {
		return nil, nil, err
	}
	builder := env.NewStreamBuilder()
	builder.SetThreads(j.Workers)
	err = builder.SetLoggerYAML("level: NONE")
	for range j.Stages {
		err = errors.Join(err, builder.AddProcessorYAML("step: {}"))
	}
	if err != nil {
		return nil, nil, err
	}
	produce, err := builder.AddBatchProducerFunc()
	if err != nil {
		return nil, nil, err
	}
	err = builder.AddBatchConsumerFunc(func(_ context.Context, batch service.MessageBatch) error {
		n.Add(int64(len(batch)))
		return benthosSee(j, batch)
	})
	if err != nil {
		return nil, nil, err
	}
	stream, err := builder.Build()
	return stream, produce, err
}

func benthosSee(j peers.Job, batch service.MessageBatch) error {
	if j.See == nil {
		return nil
	}
	for _, m := range batch {
		v, err := benthosItem(m)
		if err != nil {
			return err
		}
		j.See(v)
	}
	return nil
}

// benthosFeed produces all items, from as many goroutines as can be served at
// once: a producer waits for each batch to be acknowledged.
func benthosFeed(ctx context.Context, j peers.Job, produce service.MessageBatchHandlerFunc) error {
	var producers sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, 2*j.Workers)
	for i := range errs {
		producers.Go(func() {
			for errs[i] == nil {
				from := int(next.Add(benthosBatch)) - benthosBatch
				if from >= len(j.Items) {
					return
				}
				errs[i] = produce(ctx, benthosMessages(j.Items[from:min(from+benthosBatch, len(j.Items))]))
			}
		})
	}
	producers.Wait()
	return errors.Join(errs...)
}

func benthosMessages(items []work.Item) service.MessageBatch {
	batch := make(service.MessageBatch, len(items))
	for i, v := range items {
		batch[i] = service.NewMessage(nil)
		batch[i].SetStructured(v)
	}
	return batch
}

func benthosItem(m *service.Message) (work.Item, error) {
	held, err := m.AsStructured()
	if err != nil {
		return work.Item{}, err
	}
	v, ok := held.(work.Item)
	if !ok {
		return v, fmt.Errorf("heavy: benthos: a message holds a %T", held)
	}
	return v, nil
}

// benthosStep is one stage.
type benthosStep struct{ step work.Step }

// ProcessBatch puts each message of a batch through the step.
func (s benthosStep) ProcessBatch(_ context.Context, batch service.MessageBatch) ([]service.MessageBatch, error) {
	for _, m := range batch {
		v, err := benthosItem(m)
		if err != nil {
			return nil, err
		}
		m.SetStructured(s.step(v))
	}
	return []service.MessageBatch{batch}, nil
}

// Close does nothing.
func (benthosStep) Close(context.Context) error { return nil }
