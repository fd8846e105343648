package penstock.venue.plugin;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.book.Book;

/** A plugin of the tests' own: fetches address and token like KuCoin's, or fails as requested. */
public final class TestPlugin implements VenuePlugin {
    private static final Pattern ANSWER = Pattern.compile("\"token\":\"([^\"]*)\".*\"endpoint\":\"([^\"]*)\"");

    @Override
    public String name() {
        return "test";
    }

    @Override
    public Map<String, String> values(final PluginCall call) throws Exception {
        return switch (call.required("do")) {
            case "fetch" -> fetch(call.required("from"));
            case "fail" -> throw new IOException("the venue's door is closed");
            case "refuse" -> throw new FatalPluginException("the key is invalid");
            case "hang" -> {
                new CountDownLatch(1).await();
                yield Map.of();
            }
            default -> Map.of("nothing", "of\nuse");
        };
    }

    /** Does what the number of bids says: 2 hangs for a while, 3 takes more memory than there is. */
    @Override
    public long checksum(final Book book) {
        if (book.bids().live() == 2) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
        }
        final List<ByteBuffer> taken = new ArrayList<>();
        while (book.bids().live() == 3) {
            taken.add(ByteBuffer.allocateDirect(64 << 20));
        }
        return 1;
    }

    private static Map<String, String> fetch(final String address) throws IOException, InterruptedException {
        final HttpRequest request = HttpRequest.newBuilder(URI.create(address))
            .POST(HttpRequest.BodyPublishers.noBody()).build();
        final String body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        final Matcher matcher = ANSWER.matcher(body);
        if (!matcher.find()) {
            throw new IOException("no token in " + body);
        }
        return Map.of("token", matcher.group(1), "endpoint", matcher.group(2));
    }
}
