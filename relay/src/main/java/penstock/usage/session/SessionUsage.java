package penstock.usage.session;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import penstock.identity.Identity;
import penstock.identity.SessionAccess;
import penstock.usage.Licence;
import penstock.usage.UsageMeter;

/**
 * The meters of one session, one for each product of which it was sent something. It follows what the client may see:
 * the meter of a product that was withdrawn is closed. Owned by the session's io thread.
 */
public final class SessionUsage {
    private final ShardUsage shard;
    private final SessionAccess access;
    private final String device;
    private final Map<Licence, UsageMeter> meters = new HashMap<>();
    private UsageMeter[] byGroup = {};
    private Identity seen;

    SessionUsage(final ShardUsage shard, final SessionAccess access, final String device) {
        this.shard = shard;
        this.access = access;
        this.device = device;
        seen = access.identity();
    }

    /**
     * The meter of topics of a group: the socket took updates or images of them. No allocation, once it is open.
     */
    public UsageMeter meter(final int group) {
        follow();
        final UsageMeter known = group < byGroup.length ? byGroup[group] : null;
        return known == null ? open(group) : known;
    }

    /** The client named a topic that it may not see; {@code group} is that of the topic. */
    public void onDenied(final int group, final String symbol) {
        shard.onDenied(access.identity(), group, symbol);
    }

    /** The session does what its rights say by now. */
    public void follow() {
        if (access.identity() == seen) {
            return;
        }
        seen = access.identity();
        Arrays.fill(byGroup, null);
        final long nowMs = shard.nowMs();
        meters.entrySet().removeIf(entry -> {
            final boolean isOver = !shard.has(seen, entry.getKey());
            if (isOver) {
                entry.getValue().close(nowMs);
            }
            return isOver;
        });
    }

    /** The session ends; more than once is the same. */
    public void close() {
        if (!meters.isEmpty()) {
            final long nowMs = shard.nowMs();
            meters.values().forEach(meter -> meter.close(nowMs));
            meters.clear();
            Arrays.fill(byGroup, null);
        }
    }

    private UsageMeter open(final int group) {
        final Licence licence = shard.licence(seen, group);
        final UsageMeter meter = meters.computeIfAbsent(licence, first -> shard.open(first, device));
        if (group >= byGroup.length) {
            byGroup = Arrays.copyOf(byGroup, group + 1);
        }
        byGroup[group] = meter;
        return meter;
    }
}
