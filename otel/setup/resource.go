package setup

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// resource returns what all telemetry is about: service, task, this execution of it,
// host and process. What the configuration says wins over the environment.
func (c Config) resource(ctx context.Context) (*resource.Resource, error) {
	execution := uuid.NewString()
	first := []attribute.KeyValue{semconv.ServiceInstanceID(execution), attribute.String("ergon.execution.id", execution)}
	if os.Getenv("OTEL_SERVICE_NAME") == "" && !strings.Contains(os.Getenv("OTEL_RESOURCE_ATTRIBUTES"), "service.name=") {
		first = append(first, semconv.ServiceName(filepath.Base(os.Args[0])))
	}
	var last []attribute.KeyValue
	for key, value := range map[attribute.Key]string{
		semconv.ServiceNameKey: c.Service, semconv.ServiceVersionKey: c.Version, "ergon.task": c.Task, "ergon.worker.id": c.Worker,
	} {
		if value != "" {
			last = append(last, key.String(value))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.Attributes)) {
		last = append(last, attribute.String(key, c.Attributes[key]))
	}
	r, err := resource.New(ctx,
		resource.WithSchemaURL(semconv.SchemaURL), resource.WithTelemetrySDK(), resource.WithHost(), resource.WithProcessPID(),
		resource.WithAttributes(first...), resource.WithFromEnv(), resource.WithAttributes(last...))
	if errors.Is(err, resource.ErrPartialResource) || errors.Is(err, resource.ErrSchemaURLConflict) {
		err = nil // what is known is enough
	}
	return r, err
}
