package penstock.server.auth;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import penstock.identity.EdgeLink;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/** One connection of an edge. Any thread. */
public final class Link implements EdgeLink {
    /** Counts that change together are sent together. */
    private static final long TOGETHER_MS = 20;

    private final String edge;
    private final String session;
    private final String address;
    private final LinkSender sender;
    private volatile KnownEdge known;
    /** Whose number of sessions elsewhere has changed; null while nothing waits to be sent. */
    private Set<String> changed;
    /** What the edge knows of them, but for those with none. */
    private final Map<String, Integer> elsewhere = new LinkedHashMap<>();

    Link(final String edge, final String session, final String address, final LinkSender sender) {
        this.edge = edge;
        this.session = session;
        this.address = address;
        this.sender = sender;
    }

    void begin(final KnownEdge opened) {
        known = opened;
        opened.begin(this);
        final Map<String, Integer> counts = new LinkedHashMap<>();
        synchronized (elsewhere) {
            for (final String principal : opened.full()) {
                final int count = opened.elsewhere(principal);
                if (count > 0) {
                    counts.put(principal, count);
                }
            }
            elsewhere.putAll(counts);
        }
        sender.send(EdgeMessages.elsewhere(counts, true));
        opened.orders().all().forEach(sender::send);
    }

    @Override
    public void onReport(final Request.Report report) throws RequestException {
        if (report.edge() != null && !report.edge().equals(edge)) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/edge", "this link is of the edge " + edge
                + ": name it in the query of the session, link=NAME", report.id());
        }
        known.report(this, report);
    }

    /** The connection has closed. */
    public void end() {
        known.end(this);
    }

    void send(final MessageBuffer message) {
        sender.send(message);
    }

    void replace() {
        sender.replace();
    }

    void later(final Runnable task, final long ms) {
        sender.later(task, ms);
    }

    /** The number of sessions of a principal has changed. */
    void onCount(final String principal) {
        synchronized (elsewhere) {
            if (changed != null) {
                changed.add(principal);
                return;
            }
            changed = new LinkedHashSet<>();
            changed.add(principal);
        }
        sender.later(this::sendCounts, TOGETHER_MS);
    }

    private void sendCounts() {
        final Map<String, Integer> counts = new LinkedHashMap<>();
        synchronized (elsewhere) {
            for (final String principal : changed) {
                final int count = known.elsewhere(principal);
                final Integer before = count == 0 ? elsewhere.remove(principal) : elsewhere.put(principal, count);
                if (count != (before == null ? 0 : before)) {
                    counts.put(principal, count);
                }
            }
            changed = null;
        }
        if (!counts.isEmpty()) {
            sender.send(EdgeMessages.elsewhere(counts, false));
        }
    }

    String session() {
        return session;
    }

    String address() {
        return address;
    }
}
