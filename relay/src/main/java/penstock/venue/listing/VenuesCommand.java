package penstock.venue.listing;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import penstock.config.VenueName;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code venues}: lists the venue files that come with the relay. Owned by the main thread. */
@Command(name = "venues", mixinStandardHelpOptions = true, sortOptions = false,
    header = "List the venue files that come with the relay.",
    description = {"", "One line per venue: its name, the day on which its facts were last checked, the environment "
        + "variables that it needs, and its channels, the default one first. With names, each of these venues in "
        + "full: its addresses, the classes of its channels, and where its facts were read. A venue with a new name is "
        + "found by both; its file keeps the older one.", "",
        "Exit code: 0 done; 2 wrong usage; 78 there is no such venue, or its file is wrong.", ""},
    footer = {"", "Examples:",
        "  scripts/relay venues",
        "  scripts/relay venues binance my-venue.conf"})
public final class VenuesCommand implements Callable<Integer> {
    private static final String LINE = "%-18s %-10s  %-20s %s%n";

    @Parameters(paramLabel = "VENUE", arity = "0..*", description = "built-in venues, or venue files")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        if (names.isEmpty()) {
            out.printf(Locale.ROOT, LINE, "venue", "checked", "needs", "channels");
            VenueName.BUILT_IN.forEach(name -> line(out, name, load(name)));
        }
        names.forEach(name -> print(out, load(VenueName.file(name))));
        out.flush();
        return 0;
    }

    /** Without any environment: what is missing then is what the file needs. */
    private static Venue load(final String name) {
        return Venue.load(name, variable -> null);
    }

    private static void line(final PrintWriter out, final String name, final Venue venue) {
        final String present = VenueName.present(name);
        out.printf(Locale.ROOT, LINE, present == null ? name : name + " (" + present + ")", day(venue), needs(venue),
            venue.channels().stream().map(ChannelSpec::name).collect(Collectors.joining(" ")));
    }

    private static void print(final PrintWriter out, final Venue venue) {
        out.println(venue.name());
        if (VenueName.present(venue.name()) != null) {
            out.println("  now       " + VenueName.present(venue.name()) + "; feed.venue = " + venue.name()
                + " is the name of its file");
        }
        venue.connection().endpoint().addresses().forEach((name, urls) -> urls.forEach(
            url -> out.println("  address   " + url + (name.isEmpty() ? "" : ", " + name))));
        out.println("  checked   " + day(venue));
        if (!venue.checked().source().isEmpty()) {
            out.println("  source    " + venue.checked().source());
        }
        out.println("  needs     " + needs(venue));
        venue.channels().forEach(channel -> out.println("  channel   " + channel.name() + ", "
            + channel.conflation().name().toLowerCase(Locale.ROOT).replace('_', '-')
            + (channel.isDefault() ? ", the default" : "")
            + (channel.address().isEmpty() ? "" : ", at the address " + channel.address())));
        out.println();
    }

    private static String day(final Venue venue) {
        return venue.checked().date() == null ? "-" : venue.checked().date().toString();
    }

    private static String needs(final Venue venue) {
        return venue.missingVariables().isEmpty() ? "-" : String.join(" ", venue.missingVariables());
    }
}
