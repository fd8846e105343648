package penstock.edge;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import penstock.fanout.subscription.Interest;
import penstock.feed.report.FeedReport;
import penstock.ingest.IngestRole;
import penstock.ring.Conflator;
import penstock.running.RunningFeeds;
import penstock.running.ServedFeeds;

/**
 * The feeds of one of several relays that share a lease: its own while it has the lease, with the epoch of the lease;
 * while it stands by those of the relay that has it, if it knows where that is. Started by one thread; its role changes
 * on the lease's and the feed thread; the readings are for any.
 */
public final class IngestFeeds implements ServedFeeds, IngestRole {
    private final RunningFeeds own;
    /** Null = the one that is connected is not followed. */
    private final EdgeFeeds followed;
    private final RelayId id;
    private final Consumer<List<String>> onHops;
    private volatile ServedFeeds current;

    /** {@code onHops} learns the ids of the relays from the venue to this one; none = it is no source for others. */
    public IngestFeeds(final RunningFeeds own, final EdgeFeeds followed, final RelayId id,
            final Consumer<List<String>> onHops) {
        this.own = own;
        this.followed = followed;
        this.id = id;
        this.onHops = onHops;
        current = own;
    }

    /** A standby from the start on. */
    public void start() {
        if (followed != null) {
            followed.follow(() -> current = followed);
        }
    }

    @Override
    public void onActive(final long epoch) {
        if (followed != null) {
            followed.leave();
        }
        own.restart(epoch, () -> {
            current = own;
            onHops.accept(List.of(id.text()));
        });
    }

    @Override
    public void onStandby() {
        onHops.accept(List.of());
        if (followed != null) {
            own.end();
            start();
        }
    }

    @Override
    public Interest interest(final int run) {
        return new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols, final String client) {
                current.interest(run).onAdded(channel, symbols, client);
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
                current.interest(run).onRemoved(channel, symbols);
            }
        };
    }

    @Override
    public Conflator newConflator(final int channel) {
        return current.newConflator(channel);
    }

    @Override
    public String name(final int number) {
        return current.name(number);
    }

    @Override
    public List<String> withoutValue(final int number) {
        return current.withoutValue(number);
    }

    @Override
    public List<Supplier<CompletableFuture<FeedReport>>> reports() {
        return current.reports();
    }

    @Override
    public CompletableFuture<Void> stop() {
        return followed == null ? own.stop() : CompletableFuture.allOf(own.stop(), followed.stop());
    }
}
