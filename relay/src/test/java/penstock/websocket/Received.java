package penstock.websocket;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Records the deliveries of a parser, one line each. */
final class Received implements MessageHandler {
    final List<String> lines = new ArrayList<>();

    static String text(final String text) {
        return "text " + text;
    }

    static String binary(final byte[] bytes) {
        return "binary " + latin(bytes, 0, bytes.length);
    }

    static String ping(final String payload) {
        return "ping " + payload;
    }

    static String pong(final String payload) {
        return "pong " + payload;
    }

    static String close(final int code, final String reason) {
        return "close " + code + " " + reason;
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        lines.add(text(new String(buffer, offset, length, StandardCharsets.UTF_8)));
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        lines.add("binary " + latin(buffer, offset, length));
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        lines.add(ping(latin(payload, offset, length)));
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        lines.add(pong(latin(payload, offset, length)));
    }

    @Override
    public void onClose(final int code, final String reason) {
        lines.add(close(code, reason));
    }

    private static String latin(final byte[] bytes, final int offset, final int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
}
