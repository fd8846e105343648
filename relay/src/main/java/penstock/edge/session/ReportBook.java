package penstock.edge.session;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import penstock.server.auth.SessionWatch;
import penstock.wire.MessageBuffer;
import penstock.wire.request.Request;

/**
 * The sessions of an edge and of those behind it, and what the ingest does not know of them yet. Any thread, under one
 * lock.
 */
final class ReportBook implements SessionWatch {
    /** Sessions of one report, and their bytes: half of what the smallest usual frame takes. */
    static final int MAX_SESSIONS = 500;
    static final int MAX_BYTES = 24 << 10;
    private static final int MAX_PRODUCTS = 100;

    /** A session with the way to end it. */
    private record Open(Request.EdgeSession session, End end) {
    }

    private final Map<String, Open> open = new HashMap<>();
    private final Set<String> begun = new LinkedHashSet<>();
    private final Set<String> ended = new LinkedHashSet<>();
    /** What is left of a full report; null unless one is under way. */
    private Queue<String> listing;
    private boolean isFirst;

    @Override
    public synchronized void onBegun(final Request.EdgeSession session, final End end) {
        open.put(session.session(), new Open(session, end));
        begun.add(session.session());
    }

    @Override
    public synchronized void onEnded(final String session) {
        if (open.remove(session) != null && !begun.remove(session)) {
            ended.add(session);
        }
    }

    /** Ends a session, if it is open. */
    void close(final String session, final int code, final String reason) {
        final Open found;
        synchronized (this) {
            found = open.get(session);
        }
        if (found != null) {
            found.end().close(code, reason);
        }
    }

    /** The ingest knows nothing: the next report begins with all sessions. */
    synchronized void begin() {
        listing = new ArrayDeque<>(open.keySet());
        isFirst = true;
        begun.clear();
        ended.clear();
    }

    /** Whether a full report is under way. */
    synchronized boolean isListing() {
        return listing != null;
    }

    /** The next report; null if there is nothing to say. */
    synchronized MessageBuffer next(final String edge, final String id) {
        if (listing == null && begun.isEmpty() && ended.isEmpty()) {
            return null;
        }
        final MessageBuffer out = new MessageBuffer(4_096);
        out.put("{\"op\":\"report\",\"id\":").putString(id).put(",\"edge\":").putString(edge).put(",\"sessions\":[");
        final Iterator<String> names = listing == null ? begun.iterator() : listing.iterator();
        String separator = "";
        for (int i = 0; i < MAX_SESSIONS && out.length() < MAX_BYTES && names.hasNext(); i++) {
            final Open each = open.get(names.next());
            names.remove();
            if (each != null) {
                session(out.put(separator), each.session());
                separator = ",";
            }
        }
        ended(out.put("],\"ended\":["));
        out.put("],\"full\":").put(String.valueOf(isFirst)).put(",\"more\":")
            .put(String.valueOf(listing != null && !listing.isEmpty())).put('}');
        isFirst = false;
        if (listing != null && listing.isEmpty()) {
            listing = null;
        }
        return out;
    }

    private void ended(final MessageBuffer out) {
        final Iterator<String> names = ended.iterator();
        String separator = "";
        for (int i = 0; i < MAX_SESSIONS && names.hasNext(); i++) {
            out.put(separator).putString(names.next());
            names.remove();
            separator = ",";
        }
    }

    private static void session(final MessageBuffer out, final Request.EdgeSession session) {
        final Request.EdgeTerms terms = session.terms();
        out.put("{\"client\":").putString(session.client()).put(",\"session\":").putString(session.session());
        out.put(",\"address\":").putString(session.address()).put(",\"since\":").put(session.sinceUs());
        if (session.credential() != null) {
            out.put(",\"credential\":").putString(session.credential());
        }
        if (terms.products() != null && !terms.products().isEmpty() && terms.products().size() <= MAX_PRODUCTS) {
            String separator = ",\"products\":[";
            for (final String product : new TreeSet<>(terms.products())) {
                out.put(separator).putString(product);
                separator = ",";
            }
            out.put(']');
        }
        if (terms.maxSessions() > 0) {
            out.put(",\"max\":").put(terms.maxSessions());
        }
        if (terms.onExcess() != null) {
            out.put(",\"onExcess\":").putString(terms.onExcess());
        }
        out.put('}');
    }
}
