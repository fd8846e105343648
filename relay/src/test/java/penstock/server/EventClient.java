package penstock.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import penstock.testkit.FrameSocket;

/**
 * Reads an event stream over a plain socket as the WHATWG algorithm says (HTML, 9.2.6): any of three line ends, fields,
 * comments, several lines of data, persistent ids.
 */
public final class EventClient extends FrameSocket {
    /** One dispatched event; {@code id} is the last event id at that time. */
    public record Event(String type, String id, String data) {
    }

    /** Status of the response. */
    public final int status;
    /** Head of the response. */
    public final String head;
    private String lastEventId = "";
    private String retry;
    private boolean wasCarriageReturn;

    /**
     * Requests {@code target}; {@code headers} are whole lines. {@code receiveBytes} 0 = the system's receive buffer.
     */
    public EventClient(final int port, final String target, final int receiveBytes, final String... headers)
            throws IOException {
        super(port, receiveBytes);
        final StringBuilder request =
            new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n");
        for (final String header : headers) {
            request.append(header).append("\r\n");
        }
        write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        head = readHead();
        status = Integer.parseInt(head.split(" ", 3)[1]);
    }

    /** A header of the response; null if missing. */
    public String header(final String name) {
        return header(head, name);
    }

    /** The rest of the response, unparsed. */
    public String rest() throws IOException {
        return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The reconnect delay that the stream requested, in ms. */
    public String retry() {
        return retry;
    }

    /** The next event; null at the end of the stream. A truncated event is dropped, as in browsers. */
    public Event read() throws IOException {
        String type = "";
        final StringBuilder data = new StringBuilder();
        try {
            while (true) {
                final String line = line();
                if (line.isEmpty()) {
                    if (data.length() > 0) {
                        data.setLength(data.length() - 1);
                        return new Event(type.isEmpty() ? "message" : type, lastEventId, data.toString());
                    }
                    type = "";
                    continue;
                }
                final int colon = line.indexOf(':');
                final String field = colon < 0 ? line : line.substring(0, colon);
                final String value = colon < 0 ? ""
                    : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
                switch (field) {
                    case "event" -> type = value;
                    case "data" -> data.append(value).append('\n');
                    case "id" -> lastEventId = value.indexOf(0) < 0 ? value : lastEventId;
                    case "retry" -> retry = value.matches("[0-9]+") ? value : retry;
                    default -> { }
                }
            }
        } catch (final EOFException | SocketException end) {
            return null;
        }
    }

    /** The next event of that type; those before it are skipped. */
    public Event readUntil(final String type) throws IOException {
        Event event = read();
        while (event != null && !event.type.equals(type)) {
            event = read();
        }
        return event;
    }

    private String line() throws IOException {
        final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        while (true) {
            final int b = byteOrEnd();
            final boolean isSecondHalf = b == '\n' && wasCarriageReturn;
            wasCarriageReturn = b == '\r';
            if (b == '\r' || b == '\n' && !isSecondHalf) {
                return line.toString(StandardCharsets.UTF_8);
            }
            if (!isSecondHalf) {
                line.write(b);
            }
        }
    }

    private int byteOrEnd() throws IOException {
        final int b = input.read();
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }
}
