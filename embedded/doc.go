// Package embedded runs what Linli needs on a machine where nobody provides
// it: a private PostgreSQL from the binaries that are installed, and a Temporal
// server.
//
//	dir/                          the directory that one owner holds
//	├── postgres/
//	│   ├── lock                  held by the owner, names its process
//	│   ├── data/                 the cluster, or
//	│   ├── location              where it is when data/ cannot be reached
//	│   ├── run/                  the unix socket
//	│   └── postgres.log
//	└── temporal/
//	    ├── lock
//	    ├── state.json            port, kind of store, process
//	    └── temporal.log
//
// Invariants:
//
//   - A directory has one owner. The lock is the kernel's, so it ends with its
//     owner however that dies, and a lock file that is left behind means nothing.
//   - A service does not outlive its owner: on Linux the kernel signals it, and
//     elsewhere the next owner stops what it finds running.
//   - What was committed survives SIGKILL of anything, at any moment, unless
//     NoSync was asked for.
//   - A service runs in a process group of its own. Ctrl-C in a terminal reaches
//     the owner alone, which stops its services in order.
//
// Only Unix is supported. Nothing here is part of a production deployment.
package embedded
