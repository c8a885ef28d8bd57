// Solves an instance file by LEMON (NetworkSimplex or CostScaling) and prints
// one line of JSON. The form of the file is in package instance.
//
//   request --cost, 1--> volunteer --0, capacity--> sink
//   request --penalty, seats--> sink                          unless mandatory
//
// cpu_seconds is run() alone; build_seconds is making graph and maps.
#define LEMON_ONLY_TEMPLATES  // header only: no library to link

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <lemon/config.h>
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

using lemon::SmartDigraph;

namespace {

// Of the one thread there is. The clock of the process runs in steps of a timer tick
// while a limit of processor time is set.
double cpuSeconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

template <typename T>
std::vector<T> read(FILE *f, int64_t n) {
  std::vector<T> out(n);
  if (fread(out.data(), sizeof(T), n, f) != static_cast<size_t>(n)) {
    fprintf(stderr, "the instance file ends early\n");
    exit(1);
  }
  return out;
}

// High-water mark of this program alone: getrusage also counts its parent's.
long peakKB() {
  long kb = 0;
  char line[256];
  FILE *f = fopen("/proc/self/status", "r");
  while (f != nullptr && fgets(line, sizeof line, f) != nullptr) sscanf(line, "VmHWM: %ld", &kb);
  if (f != nullptr) fclose(f);
  return kb;
}

struct Network {
  SmartDigraph graph;
  SmartDigraph::ArcMap<int64_t> cost{graph};
  SmartDigraph::ArcMap<int64_t> capacity{graph};
  SmartDigraph::NodeMap<int64_t> supply{graph, 0};

  void add(SmartDigraph::Node from, SmartDigraph::Node to, int64_t cap, int64_t c) {
    SmartDigraph::Arc a = graph.addArc(from, to);
    capacity[a] = cap;
    cost[a] = c;
  }
};

void build(Network &net, const char *path) {
  FILE *f = fopen(path, "rb");
  if (f == nullptr) {
    perror(path);
    exit(1);
  }
  read<char>(f, 8);
  const auto sizes = read<int64_t>(f, 3);
  const int64_t requests = sizes[0], volunteers = sizes[1], arcs = sizes[2];
  const auto seats = read<int64_t>(f, requests);
  const auto penalty = read<int64_t>(f, requests);
  read<int64_t>(f, requests);  // minima, which are no part of a flow problem
  const auto capacity = read<int64_t>(f, volunteers);
  const auto first = read<int64_t>(f, requests + 1);
  const auto volunteer = read<int32_t>(f, arcs);
  const auto cost = read<int64_t>(f, arcs);
  fclose(f);

  net.graph.reserveNode(requests + volunteers + 1);
  net.graph.reserveArc(arcs + requests + volunteers);
  for (int64_t i = 0; i < requests + volunteers + 1; i++) net.graph.addNode();
  const auto node = [&](int64_t i) { return SmartDigraph::nodeFromId(i); };
  const auto sink = node(requests + volunteers);
  int64_t total = 0;
  for (int64_t r = 0; r < requests; r++) {
    net.supply[node(r)] = seats[r];
    total += seats[r];
    for (int64_t i = first[r]; i < first[r + 1]; i++) net.add(node(r), node(requests + volunteer[i]), 1, cost[i]);
    if (penalty[r] != INT64_MAX) net.add(node(r), sink, seats[r], penalty[r]);
  }
  net.supply[sink] = -total;
  for (int64_t v = 0; v < volunteers; v++) net.add(node(requests + v), sink, capacity[v], 0);
}

template <typename Solver>
void solve(const Network &net, double built) {
  const double begin = cpuSeconds();
  Solver solver(net.graph);
  solver.costMap(net.cost).upperMap(net.capacity).supplyMap(net.supply);
  const double ready = cpuSeconds();
  const bool optimal = solver.run() == Solver::OPTIMAL;
  const double done = cpuSeconds();
  printf("{\"status\": \"%s\", \"objective\": %lld, \"cpu_seconds\": %.6f, \"build_seconds\": %.6f, \"peak_kb\": %ld, \"version\": \"LEMON %s\"}\n",
         optimal ? "optimal" : "infeasible", optimal ? static_cast<long long>(solver.template totalCost<int64_t>()) : 0LL,
         done - ready, built + (ready - begin), peakKB(), LEMON_VERSION);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s network-simplex|cost-scaling FILE\n", argv[0]);
    return 2;
  }
  Network net;
  const double begin = cpuSeconds();
  build(net, argv[2]);
  const double built = cpuSeconds() - begin;
  const std::string method = argv[1];
  if (method == "network-simplex") {
    solve<lemon::NetworkSimplex<SmartDigraph, int64_t, int64_t>>(net, built);
  } else if (method == "cost-scaling") {
    solve<lemon::CostScaling<SmartDigraph, int64_t, int64_t>>(net, built);
  } else {
    fprintf(stderr, "unknown method %s\n", argv[1]);
    return 2;
  }
}
