package penstock.server.auth;

import java.util.Locale;
import java.util.Set;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.wire.request.Request;

/** A session at an edge. Guarded by the lock of its edge, but for what does not change. */
public final class ReportedSession {
    private static final String UNNAMED = "none";

    private final Request.EdgeSession reported;
    private final Principal client;
    /** Null before it is counted, and if it is not. */
    private Seat seat;
    private boolean isDecided;
    private Runnable end = () -> { };

    ReportedSession(final Request.EdgeSession reported) {
        this.reported = reported;
        final Request.EdgeTerms terms = reported.terms();
        client = new Principal(reported.client(), terms.products() == null ? Set.of() : terms.products(),
            Math.max(0, terms.maxSessions()), Principal.NEVER,
            reported.credential() == null ? UNNAMED : reported.credential(),
            new Principal.Terms(terms.onExcess() == null ? null
                : AuthConfig.OnExcess.valueOf(terms.onExcess().replace('-', '_').toUpperCase(Locale.ROOT)), null,
                null));
    }

    /** What the edge says of it. */
    public Request.EdgeSession reported() {
        return reported;
    }

    String name() {
        return reported.session();
    }

    /** Its client, as it has shown to be at the edge. */
    Principal client() {
        return client;
    }

    /** Whether the edge alone knows what vouches for its client. */
    boolean isVouchedFor() {
        return reported.credential() == null;
    }

    /** Of clients that are alike. */
    String key() {
        return client.id() + '\n' + client.credential();
    }

    /** Whether it was decided whether it counts. */
    boolean isDecided() {
        return isDecided;
    }

    /** It counts by a seat; null if it does not. */
    void decide(final Seat taken) {
        isDecided = true;
        seat = taken;
    }

    /** {@code then} runs when it ends. */
    void onEnd(final Runnable then) {
        end = then;
    }

    /** It counts no more. */
    void giveBack() {
        if (seat != null) {
            seat.giveBack();
            seat = null;
        }
    }

    /** It has ended. */
    void end() {
        giveBack();
        isDecided = true;
        end.run();
    }
}
