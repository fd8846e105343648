package penstock.venue.login;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Sends one request and waits for the answer. Any thread that may block. Tests replace HTTP by their own. */
public interface HttpExchange {
    /** Sends nothing. */
    HttpExchange NONE = request -> {
        throw new IOException("requests cannot be sent here");
    };

    /**
     * Sends a request.
     *
     * @throws IOException with the reason; its message has no secret
     */
    Answer send(Request request) throws IOException, InterruptedException;

    /**
     * One request. Address, headers and body may hold secrets.
     *
     * @param body      empty = none
     * @param timeoutMs for the whole answer
     * @param maxBytes  a longer answer is a failure
     */
    record Request(URI address, String method, Map<String, String> headers, byte[] body, long timeoutMs,
            int maxBytes) {
        /** Without what may be secret. */
        @Override
        public String toString() {
            return method + " " + address.getScheme() + "://" + address.getAuthority();
        }
    }

    /**
     * The answer.
     *
     * @param status       HTTP status
     * @param retryAfterMs delay that the server asks for, -1 = none
     */
    record Answer(int status, long retryAfterMs, byte[] body) {
    }
}
