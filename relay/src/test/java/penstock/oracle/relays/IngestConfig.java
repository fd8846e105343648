package penstock.oracle.relays;

import java.util.List;
import java.util.Map;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.lease.LeaseTerms;

/** What all ingests of a simulation are configured with, read once. Immutable. */
record IngestConfig(RelayConfig relay, LeaseTerms terms) {
    static final int SYMBOLS = 2;
    private static final long MS = 1_000_000;

    /** With half of the times that a lease has by default. */
    static IngestConfig read() {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("simulated.conf", """
            feed { venue = json, url = "ws://venue:1/", symbols = [S0, S1], channels = [quote, stats, book, trade] }
            lease { etcd = ["http://etcd:2379"], peers = ["ws://ingest:1/v1/ws"]
              duration = 2s, fence = 1.5s, renew = 250ms }
            """, List.of());
        final var times = config.lease().times();
        return new IngestConfig(config, new LeaseTerms(times.durationMs() * MS,
            times.fenceMs() * MS, times.renewMs() * MS, false));
    }
}
