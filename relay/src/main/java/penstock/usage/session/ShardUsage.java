package penstock.usage.session;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.ObjLongConsumer;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.SessionAccess;
import penstock.usage.EntitlementJournal;
import penstock.usage.Licence;
import penstock.usage.UsageLedger;
import penstock.usage.UsageMeter;
import penstock.usage.UsageRecorder;

/**
 * The usage of one io thread: opens the meters of its sessions, and hands over what they counted, in rounds. Owned by
 * the io thread.
 */
public final class ShardUsage {
    /** What topics of no product count for, on a relay that serves everyone. */
    public static final String NO_PRODUCT = "(none)";

    /** In a slice of a round: well below a millisecond. */
    private static final int METERS_PER_SLICE = 500;

    private final UsageRecorder recorder;
    private final EntitlementJournal journal;
    private final Products products;
    private final ProductGroups groups;
    private final Clock clock;
    private final ObjLongConsumer<Runnable> timer;

    ShardUsage(final UsageLedger ledger, final Products products, final Clock clock,
            final ObjLongConsumer<Runnable> timer) {
        this.timer = timer;
        recorder = ledger.newRecorder();
        journal = ledger.journal();
        this.products = products;
        this.clock = clock;
        groups = new ProductGroups(products);
    }

    /** The number of the set of products that contain a topic. */
    public int group(final String channel, final String symbol) {
        return groups.of(channel, symbol);
    }

    /** A session begins; {@code device} is an address, or what the client calls itself. */
    public SessionUsage open(final SessionAccess access, final String device) {
        return new SessionUsage(this, access, device);
    }

    /**
     * A client was sent an answer, without a session.
     *
     * @param images how many images of the topics of each group were in it
     */
    public void onAnswer(final Identity client, final String device, final int[] images) {
        final long nowMs = nowMs();
        for (int group = 0; group < images.length; group++) {
            if (images[group] > 0) {
                recorder.count(licence(client, group), device, images[group], nowMs);
            }
        }
    }

    /** A client began a session though it had as many as it may have at once; {@code excess}: what was done. */
    public void onExcess(final Principal client, final OnExcess excess) {
        journal.deny(client.id(), "session", excess.name().toLowerCase(Locale.ROOT).replace('_', '-') + ": limit "
            + client.maxSessions(), nowMs());
    }

    /** A client named a topic that it may not see; {@code group} is that of the topic. */
    public void onDenied(final Identity client, final int group, final String symbol) {
        final List<String> names = groups.products(group);
        journal.deny(client.principal().id(), names.isEmpty() ? symbol : names.get(0), "not entitled", nowMs());
    }

    /** Hands over in slices, and again when the interval ends. */
    void runRound() {
        final long nowMs = nowMs();
        final boolean isDone = recorder.handOver(nowMs, METERS_PER_SLICE);
        timer.accept(this::runRound, isDone ? Math.max(1, recorder.nextHandOverMs(nowMs) - nowMs) : 1);
    }

    /** Hands over everything that was counted. */
    void handOver() {
        // the first call ends a round that has begun
        final boolean isWhole = recorder.handOver(nowMs(), Integer.MAX_VALUE);
        assert isWhole : "nothing bounds the round";
        recorder.handOver(nowMs(), Integer.MAX_VALUE);
    }

    long nowMs() {
        return clock.millis();
    }

    UsageMeter open(final Licence licence, final String device) {
        return recorder.open(licence, device, nowMs());
    }

    /** What an update counts for: of the products of its topic, the first that the client has. */
    Licence licence(final Identity client, final int group) {
        final List<String> names = groups.products(group);
        final String product = names.stream().filter(client.entitlement().products()::contains).findFirst()
            .orElse(names.isEmpty() ? NO_PRODUCT : names.get(0));
        return new Licence(client.principal().id(), product, products.isDisplay(client.principal(), product));
    }

    /** Whether a client has a licence. */
    boolean has(final Identity client, final Licence licence) {
        final Principal principal = client.principal();
        return client.entitlement().products().contains(licence.product())
            && products.isDisplay(principal, licence.product()) == licence.display();
    }
}
