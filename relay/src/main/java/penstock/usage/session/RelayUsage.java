package penstock.usage.session;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import penstock.config.relay.RelayConfig;
import penstock.identity.AccessWatch;
import penstock.identity.Products;
import penstock.telemetry.Telemetry;
import penstock.usage.UsageLedger;
import penstock.usage.UsageSettings;

/**
 * The usage ledger of a relay and the usage of its io threads. Started and closed by one thread; the gauges are read by
 * any.
 */
public final class RelayUsage implements AutoCloseable {
    /** For the last records: a disk that takes longer loses them, and the log says so. */
    private static final long CLOSE_WITHIN_MS = 500;

    private final Map<ShardUsage, Executor> shards = new LinkedHashMap<>();
    private final UsageLedger ledger;
    private final Products products;
    private final EntitlementRecords entitlements;
    private final Clock clock;

    private RelayUsage(final UsageLedger ledger, final RelayConfig config, final Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
        products = new Products(config.products());
        entitlements = new EntitlementRecords(ledger.journal(), config.auth(), products, clock);
        ledger.beforeWriting(entitlements::expire);
    }

    /**
     * Opens the ledger that the configuration names; null if it names none.
     *
     * @throws IllegalArgumentException if the ledger cannot be opened, with the key and a remedy
     */
    public static RelayUsage open(final RelayConfig config, final Clock clock) {
        final String directory = config.usage().dir();
        if (directory == null) {
            return null;
        }
        final UsageSettings standard = UsageSettings.standard();
        try {
            return new RelayUsage(UsageLedger.open(Path.of(directory), new UsageSettings(config.usage().intervalMs(),
                standard.maxKeys(), standard.linesPerInterval()), clock), config, clock);
        } catch (final IOException e) {
            throw new IllegalArgumentException("usage.dir: the ledger cannot be opened: " + e.getMessage()
                + "; name a directory that the relay may read and write", e);
        }
    }

    /**
     * The usage of one more io thread.
     *
     * @param thread runs tasks on the io thread
     * @param timer  runs them there after some milliseconds
     */
    public ShardUsage addShard(final Executor thread, final ObjLongConsumer<Runnable> timer) {
        final ShardUsage usage = new ShardUsage(ledger, products, clock, timer);
        shards.put(usage, thread);
        return usage;
    }

    /** What learns who is entitled to what. */
    public AccessWatch watch() {
        return entitlements;
    }

    /** Sessions that use a product now, each once for each product. */
    public int openUses() {
        return ledger.openUses();
    }

    /** How many products of clients are active. */
    public int active() {
        return ledger.journal().active().size();
    }

    /** Starts to write; before the first client comes. */
    public void start(final Telemetry telemetry) {
        telemetry.count("penstock_usage_failed_appends_total", "Appends to the usage ledger that the disk refused.",
            ledger::failures);
        telemetry.gauge("penstock_usage_waiting_records", "Records of use that wait to be written.",
            ledger::waitingRecords);
        telemetry.gauge("penstock_usage_open", "Sessions that use a product now, each once for each product.",
            ledger::openUses);
        shards.forEach((usage, thread) -> thread.execute(usage::runRound));
        ledger.start();
    }

    /** Every io thread hands over what it counted. Returns when all have, or after {@code withinMs}. */
    public void handOver(final long withinMs) throws InterruptedException {
        final CountDownLatch done = new CountDownLatch(shards.size());
        shards.forEach((usage, thread) -> thread.execute(() -> {
            usage.handOver();
            done.countDown();
        }));
        done.await(withinMs, TimeUnit.MILLISECONDS);
    }

    /** Writes what was counted; while the io threads still run. */
    @Override
    public void close() {
        try {
            handOver(CLOSE_WITHIN_MS);
            ledger.close(CLOSE_WITHIN_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
