package heavy

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/pubsub/gochannel"

	"github.com/ergon-go/ergon/bench/internal/peers"
	"github.com/ergon-go/ergon/bench/internal/work"
)

// Watermill is github.com/ThreeDotsLabs/watermill with the publisher and
// subscriber that it has for one process, and its router: a topic and a handler
// for each stage, and one handler more that consumes.
func Watermill() peers.Peer {
	return peers.Peer{
		Name: "watermill", Run: watermillRun, Slow: 50, Fits: func(s peers.Shape) bool { return !s.Ordered && s.Workers == 1 },
		Note: "a message bus: items travel as bytes, each is acknowledged at every stage",
	}
}

// watermillBus is one run.
type watermillBus struct {
	router *message.Router
	topics *gochannel.GoChannel
	left   int // written by the one consumer
	done   chan struct{}
}

func watermillRun(ctx context.Context, j peers.Job) (int, error) {
	if len(j.Items) == 0 {
		return 0, nil
	}
	quiet := watermill.NopLogger{}
	router, err := message.NewRouter(message.RouterConfig{}, quiet)
	if err != nil {
		return 0, fmt.Errorf("heavy: watermill: %w", err)
	}
	b := &watermillBus{
		router: router, left: len(j.Items), done: make(chan struct{}),
		topics: gochannel.NewGoChannel(gochannel.Config{OutputChannelBuffer: peers.Buffer, BlockPublishUntilSubscriberAck: true}, quiet),
	}
	b.handle(j)
	ended := make(chan error, 1)
	go func() { ended <- router.Run(ctx) }() // until it is closed
	<-router.Running()
	for i, v := range j.Items {
		if err := b.topics.Publish("0", message.NewMessage(strconv.Itoa(i), watermillBytes(v))); err != nil {
			return i, fmt.Errorf("heavy: watermill: %w", err)
		}
	}
	<-b.done
	err = errors.Join(router.Close(), b.topics.Close(), <-ended)
	return len(j.Items) - b.left, err
}

// handle adds a handler for each stage, and the consumer.
func (b *watermillBus) handle(j peers.Job) {
	for i := range j.Stages {
		from, to := strconv.Itoa(i), strconv.Itoa(i+1)
		b.router.AddHandler("stage-"+from, from, b.topics, to, b.topics, func(m *message.Message) ([]*message.Message, error) {
			return message.Messages{message.NewMessage(m.UUID, watermillBytes(j.Step(watermillItem(m.Payload))))}, nil
		})
	}
	b.router.AddConsumerHandler("consumer", strconv.Itoa(j.Stages), b.topics, func(m *message.Message) error {
		j.Show(watermillItem(m.Payload))
		if b.left--; b.left == 0 {
			close(b.done)
		}
		return nil
	})
}

func watermillBytes(v work.Item) []byte {
	b := make([]byte, 0, 48)
	for _, field := range [...]uint64{v.ID, v.A, v.B, v.C, v.D, v.E} {
		b = binary.LittleEndian.AppendUint64(b, field)
	}
	return b
}

func watermillItem(b []byte) work.Item {
	at := func(i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }
	return work.Item{ID: at(0), A: at(1), B: at(2), C: at(3), D: at(4), E: at(5)}
}
