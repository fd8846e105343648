package penstock.identity;

import java.util.concurrent.CompletableFuture;

/** Finds out who a client is. Any thread. */
@FunctionalInterface
public interface Authenticator {
    /**
     * The principal that a token stands for. It reads immutable tables and waits for nothing; if the token has not been
     * seen before, it may compute for a millisecond.
     *
     * @param token what the client sent, of any length and content
     * @throws TokenException if the token is not accepted
     */
    Principal authenticate(String token) throws TokenException;

    /**
     * The same for io threads, which must not compute for long: the result is there at once, or comes from a thread
     * that may. Fails with a {@link TokenException}.
     */
    default CompletableFuture<Principal> verify(final String token) {
        try {
            return CompletableFuture.completedFuture(authenticate(token));
        } catch (final TokenException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** The principal that a client's certificate of this name stands for; null if it stands for none. */
    default Principal certified(final String name) {
        return null;
    }
}
