package penstock.client;

import java.util.List;
import java.util.concurrent.Executor;
import penstock.client.socket.ClientPlatform;
import penstock.client.socket.ClientTransport;
import penstock.client.socket.JdkTransport;
import penstock.client.socket.JvmPlatform;

/**
 * How a client is made. Immutable.
 *
 * @param executor  runs all that the client does and reports, one task at a time, with any number of threads; shut
 *                  it down after the client
 * @param listener  hears of the session
 * @param tokens    gives tokens; null for a relay that asks for none
 * @param hiddenMs  the shortest interval while the user sees nothing; 0: as ever
 * @param isJson    updates come as JSON; else as rows, if the relay has them
 * @param transport opens WebSockets
 * @param platform  clock and timers; null: those of the machine
 */
public record ClientOptions(Executor executor, ClientListener listener, TokenSource tokens, int hiddenMs,
        boolean isJson, ClientTransport transport, ClientPlatform platform) {
    private static final List<String> JSON = List.of("penstock.v1.json");
    private static final List<String> ROWS_OR_JSON = List.of("penstock.v1.rows", "penstock.v1.json");

    /** With everything else as it is by default. */
    public static ClientOptions on(final Executor executor) {
        return new ClientOptions(executor, ClientListener.NONE, null, 0, false, new JdkTransport(), null);
    }

    /** With {@code newListener}. */
    public ClientOptions listener(final ClientListener newListener) {
        return new ClientOptions(executor, newListener, tokens, hiddenMs, isJson, transport, platform);
    }

    /** With {@code newTokens}. */
    public ClientOptions tokens(final TokenSource newTokens) {
        return new ClientOptions(executor, listener, newTokens, hiddenMs, isJson, transport, platform);
    }

    /** With an interval of at least {@code ms} while the user sees nothing: see {@link PenstockClient#hide}. */
    public ClientOptions hidden(final int ms) {
        return new ClientOptions(executor, listener, tokens, ms, isJson, transport, platform);
    }

    /** With updates as JSON: for a program that shows or keeps messages as they came. */
    public ClientOptions json() {
        return new ClientOptions(executor, listener, tokens, hiddenMs, true, transport, platform);
    }

    /** With {@code newTransport}, such as one with other authorities. */
    public ClientOptions transport(final ClientTransport newTransport) {
        return new ClientOptions(executor, listener, tokens, hiddenMs, isJson, newTransport, platform);
    }

    /** With {@code newPlatform}: for tests. */
    public ClientOptions platform(final ClientPlatform newPlatform) {
        return new ClientOptions(executor, listener, tokens, hiddenMs, isJson, transport, newPlatform);
    }

    /** What is offered to the relay, the best first. */
    List<String> subprotocols() {
        return isJson ? JSON : ROWS_OR_JSON;
    }

    ClientPlatform platformOrDefault() {
        return platform == null ? new JvmPlatform() : platform;
    }
}
