// Package setup makes ready what package ergonotel needs of the OpenTelemetry SDK: the
// providers of traces, metrics and logs with their exporters, and a logger for people
// and machines, from one Config or from the standard OTEL_* environment.
//
//	t, err := setup.New(ctx, setup.Config{Service: "invoices", Prometheus: "localhost:9464"})
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer t.Shutdown(context.Background()) // flushes, also when the run has failed
//
//	err = pipeline.From(orders, pipeline.Observe(t.Observer())).To(invoices).Stream(ctx)
//
// It is a module of its own, so that only who wants the SDK depends on it.
package setup
