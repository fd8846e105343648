package penstock;

import java.util.concurrent.Callable;
import penstock.replay.DemoFeed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code demo}: a generated feed on loopback, and the relay connected to it as to any venue. Owned by the main thread.
 */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Run the relay on an embedded demo feed: 50 symbols, 2,000 quotes a second, trades and books.",
    description = {"", "The feed is a WebSocket server on loopback; the relay connects to it as to any venue.", "",
        RunCommand.EXIT_CODES, ""})
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() {
        try (RelayShutdown shutdown = RelayShutdown.install(); DemoFeed feed = DemoFeed.start(0)) {
            final String text = "feed { name = demo, venue = demo, url = \"" + feed.marketUrl()
                + "\" }\nserver.public-metrics = true\n";
            return RelayService.run(options.loadText("demo", text), "demo", shutdown);
        }
    }
}
