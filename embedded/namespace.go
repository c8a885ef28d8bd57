package embedded

import (
	"context"
	"errors"
	"fmt"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"
)

// probe names what no workflow and no task queue is called.
const probe = "linli-embedded-probe"

// awaitNamespace waits until a namespace can be used in every service of the
// server at address, each of which learns of a new one in its own time, and
// until it has the search attributes. It returns the last failure when ctx ends.
func awaitNamespace(ctx context.Context, address, namespace string, attributes map[string]string) error {
	return withClient(address, func(c client.Client) error {
		return retry(ctx, func(ctx context.Context) error {
			if err := useNamespace(ctx, c.WorkflowService(), namespace); err != nil {
				return err
			}
			return findAttributes(ctx, c.OperatorService(), namespace, attributes)
		})
	})
}

func findAttributes(ctx context.Context, service operatorservice.OperatorServiceClient, namespace string, wanted map[string]string) error {
	if len(wanted) == 0 {
		return nil
	}
	found, err := service.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return err
	}
	for name := range wanted {
		if _, exists := found.GetCustomAttributes()[name]; !exists {
			return fmt.Errorf("the namespace %s has no search attribute %s yet", namespace, name)
		}
	}
	return nil
}

// CreateNamespace creates a namespace that keeps closed workflows for a day,
// and returns when it can be used.
func CreateNamespace(ctx context.Context, address, namespace string) error {
	return withClient(address, func(c client.Client) error {
		err := retry(ctx, func(ctx context.Context) error {
			_, err := c.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
				Namespace:                        namespace,
				WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
			})
			if exists := (*serviceerror.NamespaceAlreadyExists)(nil); errors.As(err, &exists) {
				return nil
			}
			return err
		})
		if err != nil {
			return err
		}
		return retry(ctx, func(ctx context.Context) error { return useNamespace(ctx, c.WorkflowService(), namespace) })
	})
}

// useNamespace asks history and matching, through the frontend, for something
// that does not exist: they have to know the namespace to say so.
func useNamespace(ctx context.Context, service workflowservice.WorkflowServiceClient, namespace string) error {
	_, err := service.DescribeWorkflowExecution(ctx, &workflowservice.DescribeWorkflowExecutionRequest{
		Namespace: namespace,
		Execution: &commonpb.WorkflowExecution{WorkflowId: probe},
	})
	if absent := (*serviceerror.NotFound)(nil); !errors.As(err, &absent) {
		if err == nil {
			return fmt.Errorf("there is a workflow named %s", probe)
		}
		return err
	}
	_, err = service.DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
		Namespace:     namespace,
		TaskQueue:     &taskqueuepb.TaskQueue{Name: probe},
		TaskQueueType: enumspb.TASK_QUEUE_TYPE_WORKFLOW,
	})
	return err
}

func withClient(address string, use func(client.Client) error) error {
	c, err := client.NewLazyClient(client.Options{HostPort: address, Logger: silent{}})
	if err != nil {
		return fmt.Errorf("connecting to Temporal at %s: %w", address, err)
	}
	defer c.Close()
	return use(c)
}

// retry repeats attempt until it succeeds or ctx ends; the error is then that
// of the last attempt which was not merely cut short.
func retry(ctx context.Context, attempt func(context.Context) error) error {
	const attemptPatience = 2 * time.Second
	var last error
	for {
		attemptCtx, cancel := context.WithTimeout(ctx, attemptPatience)
		err := attempt(attemptCtx)
		cancel()
		if err == nil {
			return nil
		}
		if ctx.Err() == nil || last == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return last
		case <-time.After(pollInterval):
		}
	}
}

// silent drops what the client would log: the errors are returned anyway.
type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
