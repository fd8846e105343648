package penstock.ingest;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.LeaseConfig;
import penstock.config.relay.RelayConfig;
import penstock.feed.FeedProxy;
import penstock.lease.LeaseListener;
import penstock.lease.LeaseProvider;
import penstock.lease.LeaseStatus;
import penstock.lease.LeaseTerms;
import penstock.lease.NoLease;
import penstock.lease.SharedLease;
import penstock.lease.etcd.EtcdKey;
import penstock.lease.etcd.EtcdSettings;
import penstock.telemetry.Telemetry;
import penstock.tls.ClientTls;

/**
 * Lets the feeds of a relay be connected while it has the lease, and closes their connections when it has not. Without
 * {@code lease.etcd} they are always connected. Any thread.
 */
public final class IngestLease {
    private static final Logger LOG = LoggerFactory.getLogger(IngestLease.class);
    private static final String SUBJECT = "lease";

    private final LeaseProvider provider;
    private final boolean isShared;
    private final ChangeLog changes;
    private final LeaseCounts counts;
    private final List<FeedConfig> configs;
    private final List<FeedProxy> feeds = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile LeaseStatus status;
    private volatile Consumer<String> onUnfenced;
    private volatile boolean isEnding;
    private IngestRole role = IngestRole.NONE;

    private IngestLease(final LeaseProvider provider, final RelayConfig config, final Telemetry telemetry,
            final ChangeLog changes) {
        this.provider = provider;
        configs = List.copyOf(config.feeds().values());
        isShared = config.lease().isShared();
        this.changes = changes;
        status = new LeaseStatus(isShared ? LeaseStatus.Role.STANDBY : LeaseStatus.Role.ACTIVE, 0, null,
            isShared ? "the lease was not read yet" : "no other relay shares the feeds", null);
        counts = new LeaseCounts(telemetry, isShared ? this::status : () -> null);
        onUnfenced = what -> telemetry.errors().record(what, new IllegalStateException(what));
    }

    /**
     * As configured; not started.
     *
     * @throws IllegalArgumentException if a file of {@code lease.tls} is of no use, with the key and a remedy
     */
    public static IngestLease of(final RelayConfig config, final Telemetry telemetry, final ChangeLog changes) {
        final LeaseConfig lease = config.lease();
        if (!lease.isShared()) {
            return over(new NoLease(), config, telemetry, changes);
        }
        final LeaseConfig.Times times = lease.times();
        final LeaseTerms terms = new LeaseTerms(TimeUnit.MILLISECONDS.toNanos(times.durationMs()),
            TimeUnit.MILLISECONDS.toNanos(times.fenceMs()), TimeUnit.MILLISECONDS.toNanos(times.renewMs()),
            lease.onQuorumLoss() == LeaseConfig.OnQuorumLoss.HOLD);
        final String secret = lease.login().secretFile();
        final EtcdSettings etcd = new EtcdSettings(lease.etcd().stream().map(URI::create).toList(), lease.key(),
            TimeUnit.NANOSECONDS.toMillis(terms.requestNs()), tls(lease.tls()), lease.login().user(),
            secret == null ? null : Path.of(secret));
        final String name = name(config);
        return over(new SharedLease(new EtcdKey(etcd), terms, name, telemetry.heartbeat(SUBJECT)), config, telemetry,
            changes);
    }

    /** With another provider than that of the configuration; not started. */
    public static IngestLease over(final LeaseProvider provider, final RelayConfig config, final Telemetry telemetry,
            final ChangeLog changes) {
        return new IngestLease(provider, config, telemetry, changes);
    }

    /** What this relay is called among others: as configured, or as its machine, with its process. */
    public static String name(final RelayConfig config) {
        return config.lease().name() == null ? machine() : config.lease().name();
    }

    private static ClientTls tls(final FeedConfig.Tls tls) {
        return tls.equals(FeedConfig.Tls.DEFAULT) ? null
            : new ClientTls("lease.tls", new ClientTls.PemFiles(tls.authorities(), tls.certificate(), tls.key()));
    }

    /** Several relays may run on one machine. */
    private static String machine() {
        String host = "relay";
        try {
            host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
        } catch (final UnknownHostException e) {
            LOG.warn("lease.name: this machine has no name ({}); the lease calls it {}", e.getMessage(), host);
        }
        final String process = ":" + ProcessHandle.current().pid();
        return host.substring(0, Math.min(host.length(), 64 - process.length())) + process;
    }

    /** What this relay does beside its feeds. Before the start. */
    public void as(final IngestRole taken) {
        role = taken;
    }

    /** Starts the feeds of the configuration, which connect while the lease is held, and begins to ask for it. Once. */
    public void start(final List<FeedProxy> all) {
        for (int i = 0; i < all.size(); i++) {
            add(all.get(i), configs.get(i));
        }
        provider.start(new Listener());
    }

    /** Starts one more feed; that of a recording is connected to no venue, and needs no lease. */
    public void add(final FeedProxy feed, final FeedConfig config) {
        if (isShared && config.reception().delayed().of() == null) {
            feed.onEvicted(provider::doubt);
            synchronized (feeds) {
                feeds.add(feed);
                if (!status.isConnected()) {
                    feed.suspend("standby: " + status.words());
                }
            }
        }
        feed.start();
    }

    /** A feed has ended. */
    public void remove(final FeedProxy feed) {
        synchronized (feeds) {
            feeds.remove(feed);
        }
    }

    /** Closes the feeds' connections and gives the lease away, so that another relay goes on at once. For good. */
    public void handOver() {
        isEnding = true;
        provider.handOver();
    }

    /** Waits for the end of {@link #handOver}. */
    public void awaitEnd(final long withinMs) {
        try {
            ended.get(withinMs, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException | TimeoutException e) {
            LOG.warn("the lease could not be given away within {} ms: the others wait until it ends", withinMs);
        }
    }

    /** {@code end} is to end the process: connections that had to be closed are open, and another relay takes over. */
    public void onUnfenced(final Consumer<String> end) {
        onUnfenced = end;
    }

    /** Whether other relays share the feeds. */
    public boolean isShared() {
        return isShared;
    }

    /** What is known now. */
    public LeaseStatus status() {
        return status;
    }

    /** What the lease says. On the lease thread; without a lease on the one that starts. */
    private final class Listener implements LeaseListener {
        @Override
        public void onHeld(final long epoch) {
            if (isShared) {
                counts.onTakeover();
                LOG.info("lease: taken, epoch {}: the feeds connect", epoch);
                synchronized (feeds) {
                    status = new LeaseStatus(LeaseStatus.Role.ACTIVE, epoch, status.holder(), "taken", null);
                }
                changes.add(ChangeKind.LEASE, SUBJECT, "taken: this relay connects, epoch " + epoch);
                role.onActive(epoch);
            }
            onConfirmed();
        }

        @Override
        public void onConfirmed() {
            synchronized (feeds) {
                feeds.forEach(FeedProxy::resume);
            }
        }

        @Override
        public void onLost(final String why, final Runnable closed) {
            counts.onLoss();
            LOG.warn("lease: the feeds close their connections: {}", why);
            changes.add(ChangeKind.LEASE, SUBJECT, "this relay closes its connections: " + why);
            synchronized (feeds) {
                status = new LeaseStatus(LeaseStatus.Role.STANDBY, status.epoch(), status.holder(), why, null);
                CompletableFuture.allOf(feeds.stream().map(feed -> feed.suspend("standby: " + why))
                    .toArray(CompletableFuture[]::new)).thenRun(() -> {
                        closed.run();
                        if (!isEnding) {
                            role.onStandby();
                        }
                    });
            }
        }

        @Override
        public void onOverdue() {
            onUnfenced.accept("the lease is lost, and the connections of the feeds could not be closed in time");
        }

        @Override
        public void onStatus(final LeaseStatus now) {
            final LeaseStatus before = status;
            synchronized (feeds) {
                status = now;
                if (!now.isConnected()) {
                    // those that wait say what for
                    feeds.forEach(feed -> feed.suspend("standby: " + now.words()));
                }
            }
            if (now.role() == LeaseStatus.Role.HOLDING && before.role() != LeaseStatus.Role.HOLDING) {
                LOG.warn("lease: it could not be renewed; the feeds stay connected, as lease.on-quorum-loss says: {}",
                    now.words());
                changes.add(ChangeKind.LEASE, SUBJECT, "not renewed: this relay stays connected");
            } else if (before.role() == LeaseStatus.Role.HOLDING && now.role() == LeaseStatus.Role.ACTIVE) {
                LOG.info("lease: renewed again");
                changes.add(ChangeKind.LEASE, SUBJECT, "renewed again");
            } else if (now.role() == LeaseStatus.Role.STANDBY && (!now.detail().equals(before.detail())
                    || (now.problem() == null) != (before.problem() == null))) {
                LOG.info("lease: standby: {}", now.words());
            }
        }

        @Override
        public void onEnded() {
            ended.complete(null);
        }
    }
}
