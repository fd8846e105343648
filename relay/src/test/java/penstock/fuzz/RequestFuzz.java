package penstock.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import penstock.testkit.ParsedJson;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.RequestDecoder;
import penstock.wire.request.RequestDecoding;

/**
 * Requests of subscribers: each is decoded or refused, alike wherever it stands in a buffer, and a refusal is an error
 * message that a strict parser reads.
 */
public final class RequestFuzz {
    private static final RequestDecoder DECODER = new RequestDecoder(new SessionLimits(50, 500, 65_536, 20, 0, 60_000));

    private RequestFuzz() {
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(final byte[] input) {
        final String first = answer(input, 0, input.length);
        final byte[] shifted = new byte[input.length + 7];
        System.arraycopy(input, 0, shifted, 3, input.length);
        final String second = answer(shifted, 3, input.length);
        if (!first.equals(second)) {
            throw new AssertionError("at 0 " + first + ", at 3 " + second);
        }
        final String inParts = answer(DECODER.begin(input, 0, input.length), () -> true);
        if (!first.equals(inParts)) {
            throw new AssertionError("in one go " + first + ", in parts " + inParts);
        }
    }

    static List<byte[]> examples() {
        return Stream.of(
            "{\"op\":\"subscribe\",\"id\":2,\"sub\":\"grid\",\"channel\":\"quote\",\"symbols\":[\"EURUSD\",\"GBP*\"],"
                + "\"mode\":\"conflate\",\"interval\":250,\"maxRate\":2000,\"maxBytesPerSecond\":null,"
                + "\"fields\":[\"bid\",\"ask\"],\"delta\":true,\"snapshot\":false,"
                + "\"resume\":{\"epoch\":27,\"p\":9912345,\"symbols\":[\"EUR*\"]}}",
            "{\"op\":\"subscribe\",\"symbols\":[\"A\\\\*B\",\"\\u00e9\"],\"mode\":\"all\",\"overflow\":\"close\"}",
            "{\"op\":\"change\",\"sub\":\"grid\",\"depth\":5,\"snapshot\":true}",
            "{\"op\":\"unsubscribe\",\"id\":\"x\",\"sub\":\"grid\",\"symbols\":[\"GBP*\"]}",
            "{\"op\":\"list\",\"id\":4}", "{\"op\":\"ping\",\"id\":-12345678901234567890}",
            "{\"op\":\"auth\",\"id\":1,\"token\":\"eyJ\"}", "[[[[[[[[[[", "{\"op\":1e999}", "{\"op\":\"\\ud800\"}", "")
            .map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    private static String answer(final byte[] buffer, final int offset, final int length) {
        return answer(DECODER.begin(buffer, offset, length), () -> false);
    }

    private static String answer(final RequestDecoding decoding, final BooleanSupplier isOver) {
        try {
            boolean isDecoded = decoding.advance(isOver);
            while (!isDecoded) {
                isDecoded = decoding.advance(isOver);
            }
            return decoding.request().toString();
        } catch (final RequestException e) {
            final MessageBuffer message = new MessageBuffer(256);
            MessageEncoder.error(message, e);
            final String text = new String(message.bytes(), 0, message.length(), StandardCharsets.UTF_8);
            ParsedJson.parse(text);
            return text;
        }
    }
}
