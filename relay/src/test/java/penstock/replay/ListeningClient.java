package penstock.replay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client without a socket: records the frames of a script. */
final class ListeningClient implements FeedClient {
    final List<String> received = new ArrayList<>();
    String closed;
    private final String path;

    ListeningClient(final String path) {
        this.path = path;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public void send(final byte[] buffer, final int offset, final int length) {
        received.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void send(final String text) {
        received.add(text);
    }

    @Override
    public void sendBinary(final byte[] buffer, final int offset, final int length) {
        received.add("binary of " + length);
    }

    @Override
    public void sendPing(final byte[] payload) {
        received.add("ping");
    }

    @Override
    public void close(final int code, final String reason) {
        closed = code + " " + reason;
    }
}
