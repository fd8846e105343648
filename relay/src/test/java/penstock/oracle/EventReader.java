package penstock.oracle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Server-sent events (HTML, 9.2.6), as the relay writes them: lines end with a line feed. One thread. */
final class EventReader implements ByteReader {
    private final Receiver receiver;
    private final ByteArrayOutputStream event = new ByteArrayOutputStream();
    private long next;
    private boolean isStopped;
    private boolean isLineEmpty = true;

    EventReader(final Receiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public void read(final ByteBuffer bytes) {
        while (bytes.hasRemaining() && !isStopped) {
            final byte b = bytes.get();
            event.write(b);
            if (b == '\n' && isLineEmpty) {
                dispatch();
            }
            isLineEmpty = b == '\n';
        }
    }

    @Override
    public void stop() {
        isStopped = true;
    }

    private void dispatch() {
        final long first = next;
        next += event.size();
        String type = "";
        String id = null;
        String data = null;
        for (final String line : event.toString(StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("event: ")) {
                type = line.substring("event: ".length());
            } else if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.startsWith("data: ") && data == null) {
                data = line.substring("data: ".length());
            } else if (!line.startsWith("retry: ")) {
                receiver.onBroken("a line of an event is " + line);
            }
        }
        event.reset();
        if (data != null && !data.startsWith("{\"type\":\"" + type + '"')) {
            receiver.onBroken("an event of type " + type + " is " + data);
        } else if (data != null) {
            receiver.onMessage(first, data, id);
        }
    }
}
