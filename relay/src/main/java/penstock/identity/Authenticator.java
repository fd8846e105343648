package penstock.identity;

/** Finds out who a client is. Any thread: an implementation reads immutable tables and never waits for anything. */
@FunctionalInterface
public interface Authenticator {
    /**
     * The principal that a token stands for.
     *
     * @param token what the client sent, of any length and content
     * @throws TokenException if the token is not accepted
     */
    Principal authenticate(String token) throws TokenException;
}
