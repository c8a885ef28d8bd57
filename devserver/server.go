package main

import (
	"fmt"
	"net"
	"strconv"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

const (
	clusterName = "active"
	loopback    = "127.0.0.1"

	// historyShards is written into the store at its first start and can never
	// be changed there. Four keep both cores of a small machine busy.
	historyShards = 4
)

// defaultDynamicConfig is the server tuned for one small machine.
func defaultDynamicConfig() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		// With the 20 polls a second of the default each hop of a workflow
		// waits up to 50 ms for the next poll.
		dynamicconfig.MakeKey("history.transferProcessorMaxPollRPS"):   200,
		dynamicconfig.MakeKey("history.timerProcessorMaxPollRPS"):      100,
		dynamicconfig.MakeKey("history.visibilityProcessorMaxPollRPS"): 100,
		// One process serves every queue: partitions only add hops.
		dynamicconfig.MakeKey("matching.numTaskqueueReadPartitions"):  1,
		dynamicconfig.MakeKey("matching.numTaskqueueWritePartitions"): 1,
		// Nobody shares this server, so nobody has to be held back.
		dynamicconfig.MakeKey("frontend.rps"):          10000,
		dynamicconfig.MakeKey("frontend.namespaceRPS"): 10000,
		// A namespace or search attribute is usable as soon as it is made.
		dynamicconfig.MakeKey("system.namespaceCacheRefreshInterval"):           "1s",
		dynamicconfig.MakeKey("system.forceSearchAttributesCacheRefreshOnRead"): true,
		// A private server has no reason to call its makers.
		dynamicconfig.MakeKey("frontend.enableServerVersionCheck"): false,
	}
}

// newServer prepares the store and assembles a server over it.
func newServer(opts options, logger log.Logger) (temporal.Server, error) {
	persistence, err := openStore(opts, logger)
	if err != nil {
		return nil, err
	}
	if err := createNamespaces(persistence.DataStores[mainStore].SQL, opts); err != nil {
		return nil, fmt.Errorf("creating the namespaces: %w", err)
	}
	services, hosts, err := placeServices(opts)
	if err != nil {
		return nil, err
	}
	frontend := frontendAddress(opts)
	settings := &config.Config{
		Global: config.Global{
			Membership: config.Membership{BroadcastAddress: loopback},
		},
		Persistence: persistence,
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services:            services,
		PublicClient:        config.PublicClient{HostPort: frontend},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: "disabled"},
			Visibility: config.VisibilityArchival{State: "disabled"},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: "disabled"},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: "disabled"},
		}},
	}
	server, err := temporal.NewServer(
		temporal.WithConfig(settings),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts),
		temporal.WithLogger(logger),
		temporal.WithDynamicConfigClient(opts.dynamicConfig),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("assembling the Temporal server: %w", err)
	}
	return server, nil
}

// placeServices gives each service its address. Static hosts spare the gossip
// between them, and with it the wait for members that a crash left behind.
func placeServices(opts options) (map[string]config.Service, map[primitives.ServiceName]static.Hosts, error) {
	ports, err := freePorts(3)
	if err != nil {
		return nil, nil, err
	}
	services := map[string]config.Service{
		string(primitives.FrontendService): {RPC: config.RPC{GRPCPort: opts.port, BindOnIP: opts.ip}},
	}
	hosts := map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(frontendAddress(opts)),
	}
	internal := []primitives.ServiceName{primitives.HistoryService, primitives.MatchingService, primitives.WorkerService}
	for i, name := range internal {
		services[string(name)] = config.Service{RPC: config.RPC{GRPCPort: ports[i], BindOnIP: loopback}}
		hosts[name] = static.SingleLocalHost(net.JoinHostPort(loopback, strconv.Itoa(ports[i])))
	}
	return services, hosts, nil
}

// frontendAddress is where this process itself reaches the frontend.
func frontendAddress(opts options) string {
	ip := opts.ip
	if parsed := net.ParseIP(ip); parsed != nil && parsed.IsUnspecified() {
		ip = loopback
	}
	return net.JoinHostPort(ip, strconv.Itoa(opts.port))
}

// freePorts returns n different ports that were free on the loopback address.
func freePorts(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
		if err != nil {
			return nil, fmt.Errorf("finding a free port: %w", err)
		}
		// Held until all are found, so that none is handed out twice.
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
