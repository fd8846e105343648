package penstock.bench.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All clients of the floor: clients of all symbols share one buffer, each of the others has a queue. Owned by the
 * floor's thread.
 */
final class FloorClients {
    private static final int SHARED_BYTES = 1 << 20;
    private static final int MAX_SYMBOL_BYTES = 32;
    private static final List<FloorClient> NO_CLIENTS = List.of();

    private final List<FloorClient> everything = new ArrayList<>();
    private final Map<String, List<FloorClient>> watching = new HashMap<>();
    private final List<FloorClient> pending = new ArrayList<>();
    private final ByteBuffer shared = ByteBuffer.allocateDirect(SHARED_BYTES);
    private final byte[] symbol = new byte[MAX_SYMBOL_BYTES];

    void join(final FloorClient client) {
        everything.add(client);
    }

    /** From now on only these, and those that it named before. */
    void watch(final FloorClient client, final List<String> symbols) {
        everything.remove(client);
        for (final String name : symbols) {
            final List<FloorClient> watchers = watching.computeIfAbsent(name, key -> new ArrayList<>());
            if (!watchers.contains(client)) {
                watchers.add(client);
            }
        }
    }

    void drop(final FloorClient client) {
        client.hangUp();
        everything.remove(client);
        watching.values().forEach(watchers -> watchers.remove(client));
    }

    /** A whole text frame, as it shall leave. */
    void onFrame(final ByteBuffer source, final int at, final int bytes) throws IOException {
        if (!everything.isEmpty()) {
            if (shared.remaining() < bytes) {
                flush();
            }
            shared.put(shared.position(), source, at, bytes).position(shared.position() + bytes);
        }
        if (!watching.isEmpty()) {
            final List<FloorClient> watchers = watching.getOrDefault(symbol(source, at, bytes), NO_CLIENTS);
            for (int i = 0; i < watchers.size(); i++) {
                final FloorClient client = watchers.get(i);
                if (client.put(source, at, bytes)) {
                    pending.add(client);
                }
            }
        }
    }

    void flush() {
        shared.flip();
        for (int i = everything.size() - 1; i >= 0 && shared.limit() > 0; i--) {
            final FloorClient client = everything.get(i);
            try {
                client.write(shared.position(0));
            } catch (final IOException | CancelledKeyException e) {
                drop(client);
            }
        }
        shared.clear();
        for (int i = 0; i < pending.size(); i++) {
            final FloorClient client = pending.get(i);
            try {
                client.flushPending();
            } catch (final IOException | CancelledKeyException e) {
                drop(client);
            }
        }
        pending.clear();
    }

    private String symbol(final ByteBuffer source, final int at, final int bytes) {
        final int from = at + (bytes < 128 ? 2 : 4) + FloorRequest.MESSAGE_HEAD.length();
        int length = 0;
        while (length < MAX_SYMBOL_BYTES && from + length < at + bytes && source.get(from + length) != '"') {
            symbol[length] = source.get(from + length);
            length++;
        }
        return new String(symbol, 0, length, StandardCharsets.ISO_8859_1);
    }
}
