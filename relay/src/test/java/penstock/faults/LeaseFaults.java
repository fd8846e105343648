package penstock.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import penstock.system.RelayProcess;
import penstock.testkit.CountingVenue;
import penstock.testkit.EtcdCluster;

/** Two relays that share one connection to a venue by a lease in etcd, with three members. One thread. */
final class LeaseFaults {
    private static final Pattern ROLE = Pattern.compile("\"role\":\"(\\w+)\",\"epoch\":(\\d+)");
    private static final String STANDBY = "standby";
    private static final double LEASE_S = 4;
    private static final double FENCE_S = 3;
    private static final long PATIENCE_MS = 60_000;

    private LeaseFaults() {
    }

    /** SIGKILL of the relay that is connected. */
    static void killed(final FaultOptions options, final Figures figures) throws Exception {
        try (Pair pair = new Pair("close")) {
            for (int i = 0; i < options.count(20); i++) {
                final long epoch = pair.epoch();
                final RelayProcess holder = pair.holder();
                final RelayProcess other = pair.other(holder);
                final long beganNs = System.nanoTime();
                holder.signal("KILL");
                final double live = pair.secondsUntil(beganNs, () -> pair.isLive(other));
                figures.between("live again after SIGKILL", live, LEASE_S - FENCE_S, LEASE_S + 1, "s");
                figures.holds("its epoch is higher", pair.epoch() > epoch);
                pair.replace(holder);
            }
            pair.assertOneConnection(figures);
        }
    }

    /** SIGTERM of the relay that is connected. */
    static void handedOver(final FaultOptions options, final Figures figures) throws Exception {
        try (Pair pair = new Pair("close")) {
            for (int i = 0; i < options.count(20); i++) {
                final RelayProcess holder = pair.holder();
                final RelayProcess other = pair.other(holder);
                final long beganNs = System.nanoTime();
                holder.process.toHandle().destroy();
                figures.atMost("live again after SIGTERM",
                    pair.secondsUntil(beganNs, () -> pair.isLive(other)), 1, "s");
                figures.holds("it ends with 0", holder.process.waitFor() == 0);
                pair.replace(holder);
            }
            pair.assertOneConnection(figures);
        }
    }

    /** SIGKILL of the leader of etcd. */
    static void leaderKilled(final FaultOptions options, final Figures figures) throws Exception {
        try (Pair pair = new Pair("close")) {
            final long epoch = pair.epoch();
            for (int i = 0; i < options.count(20); i++) {
                final int opened = pair.venue.opened();
                final int leader = pair.etcd.awaitLeader();
                final long beganNs = System.nanoTime();
                pair.etcd.kill(leader);
                pair.etcd.awaitLeader();
                figures.note("until etcd has another leader", (System.nanoTime() - beganNs) / 1e9, "s");
                FaultRun.sleepMs(5_000);
                figures.holds("the feed is not cut", pair.venue.open() == 1 && pair.venue.opened() == opened);
                pair.etcd.start(leader);
                FaultRun.sleepMs(2_000);
            }
            figures.holds("the epoch is the same", pair.epoch() == epoch);
            pair.assertOneConnection(figures);
        }
    }

    /** Two of three members are gone for ten seconds. */
    static void quorumLost(final FaultOptions options, final Figures figures) throws Exception {
        for (final String rule : new String[] {"close", "hold"}) {
            try (Pair pair = new Pair(rule)) {
                for (int i = 0; i < options.count(3); i++) {
                    final int opened = pair.venue.opened();
                    final long epoch = pair.epoch();
                    final long beganNs = System.nanoTime();
                    pair.etcd.kill(0);
                    pair.etcd.kill(1);
                    if (rule.equals("close")) {
                        figures.atMost("close: closed", pair.secondsUntil(beganNs, () -> pair.venue.open() == 0),
                            FENCE_S + 0.5, "s");
                    }
                    FaultRun.sleepMs(10_000);
                    figures.holds(rule + ": connections meanwhile, as configured",
                        pair.venue.open() == (rule.equals("close") ? 0 : 1));
                    pair.etcd.start(0);
                    pair.etcd.start(1);
                    pair.etcd.awaitLeader();
                    final long backNs = System.nanoTime();
                    figures.atMost(rule + ": live after the quorum is back, by itself", pair.secondsUntil(backNs,
                        () -> pair.venue.open() == 1 && pair.roles().contains("active")), LEASE_S + 3, "s");
                    FaultRun.sleepMs(2 * 1_000 * (long) LEASE_S);
                    figures.holds(rule + ": the epoch is " + (rule.equals("close") ? "higher" : "the same"),
                        rule.equals("close") == pair.epoch() > epoch);
                    figures.holds(rule + ": connections opened, as configured",
                        pair.venue.opened() - opened == (rule.equals("close") ? 1 : 0));
                }
                pair.assertOneConnection(figures);
            }
        }
    }

    /** Two relays, a venue and etcd. One thread. */
    private static final class Pair implements AutoCloseable {
        private final Path folder = Files.createTempDirectory("lease");
        private final CountingVenue venue = new CountingVenue();
        private final EtcdCluster etcd;
        private final List<RelayProcess> relays = new ArrayList<>();
        private final String rule;
        private int started;

        Pair(final String rule) throws Exception {
            this.rule = rule;
            etcd = new EtcdCluster(3, folder);
            Files.writeString(folder.resolve("counting.conf"), CountingVenue.FILE);
            start();
            start();
            secondsUntil(System.nanoTime(), () -> venue.open() == 1 && isLive(holder()));
        }

        private void start() throws IOException {
            final Path file = folder.resolve("relay-" + started + ".conf");
            Files.writeString(file, "feed { venue = counting.conf, url = \"" + venue.url() + "\", symbols = [T0] }\n"
                + "lease { etcd = [" + etcd.urls().stream().map(url -> '"' + url + '"')
                .collect(Collectors.joining(", ")) + "], name = ingest-" + started++ + ", on-quorum-loss = " + rule
                + " }\n");
            relays.add(RelayProcess.start("run", "-c", file.toString()));
        }

        /** Another one in place of one that has ended, ready to take over. */
        void replace(final RelayProcess ended) throws Exception {
            ended.process.waitFor();
            ended.close();
            relays.remove(ended);
            start();
            final RelayProcess standby = relays.get(relays.size() - 1);
            secondsUntil(System.nanoTime(), () -> role(standby).equals(STANDBY)
                && standby.get(standby.port, "/readyz").body().contains("\"reason\":\"standby\""));
            FaultRun.sleepMs(1_500);
        }

        RelayProcess holder() throws Exception {
            for (final RelayProcess relay : relays) {
                if (!role(relay).equals(STANDBY)) {
                    return relay;
                }
            }
            return relays.get(0);
        }

        RelayProcess other(final RelayProcess relay) {
            return relays.stream().filter(each -> each != relay).findFirst().orElseThrow();
        }

        String roles() throws Exception {
            final StringBuilder roles = new StringBuilder();
            for (final RelayProcess relay : relays) {
                roles.append(role(relay)).append(' ');
            }
            return roles.toString();
        }

        private String role(final RelayProcess relay) throws Exception {
            return relay.process.isAlive() ? found(relay).group(1) : STANDBY;
        }

        long epoch() throws Exception {
            return Long.parseLong(found(holder()).group(2));
        }

        private Matcher found(final RelayProcess relay) throws Exception {
            final Matcher found = ROLE.matcher(relay.get(relay.adminPort, "/admin/v1/lease").body());
            if (!found.find()) {
                throw new AssertionError("no role in /admin/v1/lease");
            }
            return found;
        }

        boolean isLive(final RelayProcess relay) throws Exception {
            return venue.open() == 1 && relay.get(relay.port, "/readyz").statusCode() == 200;
        }

        double secondsUntil(final long beganNs, final Callable<Boolean> condition) throws Exception {
            while (!condition.call()) {
                if (System.nanoTime() - beganNs > PATIENCE_MS * 1_000_000) {
                    throw new AssertionError("nothing came within " + PATIENCE_MS / 1_000 + " s; roles: " + roles()
                        + "connections: " + venue.open());
                }
                FaultRun.sleepMs(10);
            }
            return (System.nanoTime() - beganNs) / 1e9;
        }

        void assertOneConnection(final Figures figures) {
            figures.atMost("connections to the venue at the same time", venue.highest(), 1, "");
            figures.note("connections to the venue, one after the other", venue.opened(), "");
        }

        @Override
        public void close() throws IOException {
            for (final RelayProcess relay : relays) {
                relay.close();
                relay.process.onExit().join();
            }
            etcd.close();
            venue.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
