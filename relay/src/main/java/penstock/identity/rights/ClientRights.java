package penstock.identity.rights;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What is known of the rights of one client. Guarded by the lock of {@link Rights}. */
final class ClientRights {
    /** Whether the service is to be asked, or was. */
    enum State { IDLE, WAITING, ASKED }

    private final String id;
    private State state = State.IDLE;
    private int sessions;
    private Set<String> products;
    private long answeredNs;
    private long failedNs;
    private boolean hasFailed;
    /** The rights may have changed since the answer. */
    private boolean isOutdated;
    /** They may have changed since the request that is under way. */
    private boolean mustAskAgain;
    /** Completes with the next answer or failure; null while no client waits for one. */
    private CompletableFuture<Void> next;
    /** The last result of a look at the rights: the open sessions know it, or are about to learn it. */
    private Set<String> shown = Set.of();

    ClientRights(final String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    State state() {
        return state;
    }

    void state(final State changed) {
        state = changed;
    }

    /** One session more, or less; returns how many there are. */
    int addSessions(final int count) {
        sessions += count;
        return sessions;
    }

    /** The rights may have changed. */
    void outdate() {
        isOutdated = true;
        hasFailed = false;
        mustAskAgain = state == State.ASKED;
    }

    /** Whether the rights may have changed while the request was under way that has ended. */
    boolean takeMustAskAgain() {
        final boolean taken = mustAskAgain;
        mustAskAgain = false;
        return taken;
    }

    /** Whether the answer is so new that the service is not asked. */
    boolean isFresh(final long nowNs, final long refreshNs) {
        return products != null && !isOutdated && nowNs - answeredNs < refreshNs;
    }

    /** Whether the service may be asked again after a failure. */
    boolean mayRetry(final long nowNs, final long retryNs) {
        return !hasFailed || nowNs - failedNs >= retryNs;
    }

    /** Nanoseconds since the answer; negative if there is none. */
    long ageNs(final long nowNs) {
        return products == null ? -1 : nowNs - answeredNs;
    }

    /** The products of the last answer, if it still counts; null if not. */
    Set<String> counting(final long nowNs, final long graceNs) {
        return products == null || nowNs - answeredNs > graceNs ? null : products;
    }

    /** Completes with the next answer or failure. */
    CompletableFuture<Void> next() {
        if (next == null) {
            next = new CompletableFuture<>();
        }
        return next;
    }

    /** Those who waited for the answer or failure that came; null if none did. */
    CompletableFuture<Void> takeNext() {
        final CompletableFuture<Void> taken = next;
        next = null;
        return taken;
    }

    void onAnswer(final Set<String> answered, final long nowNs) {
        products = answered;
        answeredNs = nowNs;
        hasFailed = false;
        isOutdated = mustAskAgain;
    }

    void onFailure(final long nowNs) {
        failedNs = nowNs;
        hasFailed = true;
    }

    /** A look at the rights has this result; returns whether open sessions do not know it. */
    boolean show(final Set<String> left) {
        final boolean isChange = !left.equals(shown);
        shown = left;
        return isChange && sessions > 0;
    }
}
