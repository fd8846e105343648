package penstock.server.auth;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import penstock.identity.CurrentRights;
import penstock.identity.Principal;
import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * A relay behind this one, with the sessions that it has reported. It outlives its links: after the end of one, the
 * sessions count for {@link #GRACE_MS}. Any thread, under one lock; what that means for
 * a session at another edge or at this relay happens without that lock.
 */
final class KnownEdge {
    /** How long the sessions of an edge without a link count. */
    static final long GRACE_MS = 10_000;
    /** Clients of which the edge was sent rights; the oldest are forgotten, and the edge learns that. */
    static final int MAX_SENT = 20_000;
    private static final int WAIT_MS = 5_000;
    private static final String TOO_MANY = "too_many_sessions: you have all the sessions that you may have, here or "
        + "elsewhere: close one first";

    /** The rights of a client that the edge was sent. */
    private record Sent(Principal client, MessageBuffer message) {
    }

    private final String name;
    private final EdgeClients shared;
    /** Is asked to forget this edge. */
    private final Consumer<KnownEdge> forget;
    private final Map<String, ReportedSession> sessions = new LinkedHashMap<>();
    /** By client and credential. */
    private final Map<String, Sent> sent = new LinkedHashMap<>();
    /** The sessions of a full report so far; null unless one is under way. */
    private Set<String> listed;
    private volatile Link link;
    private volatile String address = "";
    private long sinceUs;
    /** Grows with each link that begins or ends. */
    private int turn;

    KnownEdge(final String name, final EdgeClients shared, final Consumer<KnownEdge> forget) {
        this.name = name;
        this.shared = shared;
        this.forget = forget;
    }

    String name() {
        return name;
    }

    /** The name of its link; null while it is not connected. */
    String link() {
        final Link now = link;
        return now == null ? null : now.session();
    }

    /** What the operator has said. */
    EdgeOrders orders() {
        return shared.orders();
    }

    /** How many sessions of a client are elsewhere, if it may have no more. */
    int elsewhere(final String client) {
        return shared.sessions().elsewhereThan(this, client);
    }

    /** Clients that may have no more sessions. */
    Set<String> full() {
        return shared.sessions().full();
    }

    void begin(final Link opened) {
        final Link before = link;
        synchronized (this) {
            link = opened;
            address = opened.address();
            sinceUs = nowUs();
            turn++;
            listed = null;
            sent.clear();
        }
        if (before != null) {
            before.replace();
        }
    }

    void end(final Link closed) {
        final int now;
        final boolean isKept;
        synchronized (this) {
            if (link != closed) {
                return;
            }
            link = null;
            sinceUs = nowUs();
            turn++;
            now = turn;
            isKept = !sessions.isEmpty();
        }
        if (isKept) {
            closed.later(() -> {
                if (isStill(now)) {
                    forget.accept(this);
                }
            }, GRACE_MS);
        } else {
            forget.accept(this);
        }
    }

    private synchronized boolean isStill(final int then) {
        return turn == then;
    }

    /** Its sessions count no more, unless it has a link; returns whether they do not. */
    synchronized boolean expire() {
        if (link != null) {
            return false;
        }
        List.copyOf(sessions.values()).forEach(this::remove);
        return true;
    }

    synchronized void report(final Link by, final Request.Report report) throws RequestException {
        if (link != by) {
            throw new RequestException(ErrorCode.FORBIDDEN, "/op", "another link of this edge has taken over",
                report.id());
        }
        final List<Request.EdgeSession> begun = new ArrayList<>();
        final List<ReportedSession> known = new ArrayList<>();
        for (final Request.EdgeSession each : report.sessions()) {
            final ReportedSession before = sessions.get(each.session());
            if (before == null) {
                begun.add(each);
            } else {
                known.add(before);
            }
        }
        if (!shared.reserve(begun.size())) {
            throw RequestException.memoryFull("/sessions", "edges have reported " + EdgeClients.MAX_SESSIONS
                + " sessions, and more do not count", report.id(), WAIT_MS);
        }
        if (report.isFull()) {
            listed = new HashSet<>();
        }
        report.ended().forEach(each -> remove(sessions.get(each)));
        if (listed != null) {
            report.sessions().forEach(each -> listed.add(each.session()));
        }
        begun.sort(Comparator.comparingLong(Request.EdgeSession::sinceUs));
        begun.forEach(this::add);
        // over a new link the edge was sent nothing of them
        known.forEach(this::recheck);
        if (listed != null && !report.hasMore()) {
            for (final ReportedSession each : List.copyOf(sessions.values())) {
                if (!listed.contains(each.name())) {
                    remove(each);
                }
            }
            listed = null;
        }
    }

    private void add(final Request.EdgeSession reported) {
        final ReportedSession session = new ReportedSession(reported);
        if (sessions.putIfAbsent(session.name(), session) != null) {
            shared.release(1);
            return;
        }
        shared.watch().onBegun(reported, (code, reason) -> revoke(session.name(), code, reason));
        if (!shared.access().isOn() || session.isVouchedFor()) {
            count(session, session.client());
            return;
        }
        session.onEnd(shared.access().onSession(session.client()));
        final CompletableFuture<Void> asked = shared.access().ask(session.client());
        if (asked.isDone()) {
            check(session);
        } else {
            asked.thenRun(() -> check(session));
        }
    }

    private void remove(final ReportedSession session) {
        if (session != null && sessions.remove(session.name(), session)) {
            shared.release(1);
            session.end();
            shared.watch().onEnded(session.name());
        }
    }

    /** The credentials or the rights of clients have changed. Reports go on meanwhile. */
    void recheck() {
        if (!shared.access().isOn()) {
            return;
        }
        final List<ReportedSession> all;
        final List<Map.Entry<String, Sent>> others;
        synchronized (this) {
            all = List.copyOf(sessions.values());
            others = List.copyOf(sent.entrySet());
        }
        all.forEach(this::recheck);
        others.forEach(this::recheck);
    }

    private synchronized void recheck(final ReportedSession session) {
        if (shared.access().isOn() && !session.isVouchedFor() && session.isDecided()) {
            check(session);
        }
    }

    private synchronized void recheck(final Map.Entry<String, Sent> of) {
        if (sent.containsKey(of.getKey())) {
            final Principal client = of.getValue().client();
            tell(of.getKey(), client, shared.access().rightsOf(client));
        }
    }

    /** What is by now of the client of a session; the first time it is decided whether the session counts. */
    private synchronized void check(final ReportedSession session) {
        final CurrentRights now = shared.access().rightsOf(session.client());
        tell(session.key(), session.client(), now);
        if (now == null) {
            session.giveBack();
            session.decide(null);
        } else if (!session.isDecided() && sessions.get(session.name()) == session) {
            count(session, now.principal());
        }
    }

    private void tell(final String key, final Principal client, final CurrentRights now) {
        final Sent before = sent.remove(key);
        final boolean isAsShown = now != null && now.products().equals(client.products());
        if (isAsShown) {
            if (before != null) {
                send(EdgeMessages.rightsAsShown(client));
            }
            return;
        }
        final MessageBuffer message = EdgeMessages.rights(client, now);
        sent.put(key, new Sent(client, message));
        if (before == null || !before.message().toString().equals(message.toString())) {
            send(message);
        }
        if (sent.size() > MAX_SENT) {
            final Map.Entry<String, Sent> oldest = sent.entrySet().iterator().next();
            sent.remove(oldest.getKey());
            send(EdgeMessages.rightsAsShown(oldest.getValue().client()));
        }
    }

    private void count(final ReportedSession session, final Principal client) {
        final PrincipalSessions.Taken taken = shared.sessions().take(client, this);
        session.decide(taken.seat());
        if (taken.seat() == null) {
            revoke(session.name(), CloseStatus.FLOODING.code(), TOO_MANY);
        } else {
            taken.seat().onEviction(
                () -> revoke(session.name(), CloseStatus.REPLACED.code(), CloseStatus.REPLACED.reason()));
        }
    }

    /** Without the lock: another edge may hold its own. */
    private void revoke(final String session, final int code, final String reason) {
        send(EdgeMessages.revoke(List.of(session), code, reason));
    }

    private static long nowUs() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    }

    /** Returns whether it is connected. */
    boolean send(final MessageBuffer message) {
        final Link to = link;
        if (to != null) {
            to.send(message);
        }
        return to != null;
    }

    void onCount(final String principal) {
        final Link to = link;
        if (to != null) {
            to.onCount(principal);
        }
    }

    synchronized EdgeView view() {
        return new EdgeView(name, link == null ? null : link.session(), address, sinceUs,
            List.copyOf(sessions.values()));
    }
}
