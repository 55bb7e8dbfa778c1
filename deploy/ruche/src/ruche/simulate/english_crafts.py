"""What people ask, answer and show about each skill, in English."""

from ruche.simulate.language import Craft

CRAFTS = (
    Craft(
        slug="electrics",
        label="Electrics",
        things=(("Desk lamp", "my desk lamp"), ("Old radio", "my old radio"), ("Drill", "my drill")),
        faults=("trips the breaker", "goes off after five minutes", "only works now and then", "crackles at the cord"),
        tried=("I tried another socket, same thing.", "The fuse looks fine.", "Nothing to see along the cord."),
        how=(
            ("Which meter for a beginner?", "I'd like to check fuses and a voltage now and then, nothing more."),
            ("Fitting a new lamp switch", "The old one had two wires, the new one has three posts. Which go where?"),
        ),
        advice=(
            "Unplug it and check the cord end to end with a meter, that's the usual suspect.",
            "Look at the switch: the contacts go dull with age, and a little cleaner often does it.",
            "Open it, still unplugged, and look for a dull joint or a wire that got hot.",
        ),
        shown=("A sixties lamp shining again, with a new cloth cord.",),
        experience="Ten years of small lamps and radios",
    ),
    Craft(
        slug="sewing",
        label="Sewing",
        things=(("Sewing machine", "my sewing machine"), ("Overlocker", "my overlocker")),
        faults=("skips stitches", "snaps the thread all the time", "loops under the cloth", "stalls on thick cloth"),
        tried=("New needle, threaded again.", "I brushed out the bobbin case.", "Turning the tension changes nothing."),
        how=(
            ("Replacing a jacket zip", "Do I have to unpick the whole lining, or is there a shorter way?"),
            ("Thread for a rucksack strap", "The seam gave way. Would ordinary thread hold?"),
        ),
        advice=(
            "Loops underneath come from the top thread: thread it again with the foot up.",
            "Put in a fresh needle made for that cloth and go slowly.",
            "Take the plate off and brush the feed dogs, lint packs in there out of sight.",
        ),
        shown=("A pair of jeans saved by a patch from the inside, you can hardly see it.",),
        experience="Alterations for the whole family",
    ),
    Craft(
        slug="soldering",
        label="soldering",
        things=(("Soldering iron", "my soldering iron"), ("Soldering station", "my soldering station")),
        faults=("doesn't get hot enough", "leaves dull joints", "takes ten minutes to warm up"),
        tried=("I cleaned the tip.", "I bought other solder, no better.", "I tightened every connection I could see."),
        how=(
            ("Removing a part without braid", "I have an iron and a pump. Which side do I start from?"),
            ("Leaded or lead-free?", "What do you use for old appliances?"),
        ),
        advice=(
            "A dull joint means a cold part: heat the leg and the track, not the solder.",
            "Tin the tip at every pause, or it turns black and stops passing heat.",
            "Use a bit of flux, even a cheap one, you'll see the difference.",
        ),
        shown=("A toy that sings again, one joint redone.",),
        experience="Circuit boards, and some metal at the weekend",
    ),
    Craft(
        slug="bikes",
        label="Bikes",
        things=(("City bike", "my city bike"), ("Folding bike", "my folding bike"), ("Kid's bike", "my son's bike")),
        faults=("drops its chain on every climb", "brakes badly in the rain", "squeaks at each turn of the pedals"),
        tried=(
            "I cleaned and oiled the chain.",
            "I took up the cable, but it comes back.",
            "I watched a video or two.",
        ),
        how=(
            ("Which inner tube?", "The tyre says 37-622. What should I buy?"),
            ("Setting a derailleur without a stand", "I have a wall and a rope. How do you do it?"),
        ),
        advice=(
            "Look at the hanger from behind: if it is bent, no setting will hold.",
            "Chain on the small cog first, set the high stop, and only then the cable.",
            "Take the pedal off, grease the thread, tighten: squeaks often live there.",
        ),
        shown=("A wreck from a cellar that has been out every day since Sunday.",),
        experience="Bike mechanics in a volunteer workshop on Saturdays",
    ),
    Craft(
        slug="appliances",
        label="appliances",
        things=(("Washing machine", "my washing machine"), ("Vacuum cleaner", "my hoover"), ("Mixer", "my mixer")),
        faults=("won't start", "stops half way through", "rattles like a tin of nails", "smells hot after two minutes"),
        tried=("I cleaned every filter I found.", "I left it unplugged overnight.", "The manual is no help."),
        how=(
            ("Where to find motor brushes?", "Mine are worn and the maker no longer sells them."),
            ("Descaling on the cheap", "Vinegar or citric acid, and how much?"),
        ),
        advice=(
            "Check the motor brushes: two screws and you can see whether they are worn.",
            "Most often something small sits in the pump. Drain it and open the plug at the bottom.",
            "Test the thermal fuse with a meter, a new one costs next to nothing.",
        ),
        shown=("A hoover meant for the skip, running again on a new thermal fuse.",),
        experience="Small appliances, motors above all",
    ),
    Craft(
        slug="computers",
        label="computers",
        things=(("Laptop", "my laptop"), ("Tablet", "my tablet"), ("Phone", "my phone")),
        faults=("won't switch on", "restarts without warning", "crawls on every page", "won't hold a charge"),
        tried=("I tried another charger.", "I saved what I could.", "I left it unplugged for an hour."),
        how=(
            ("A light system for a 2012 PC?", "For mail and a few pages, nothing more."),
            ("Changing a glued battery", "Is it risky to warm the case with a hair dryer?"),
        ),
        advice=(
            "Start with the memory: take the modules out and try them one by one.",
            "A second-hand SSD gives it five more years, nothing changes as much.",
            "Dust the fan and renew the paste, overheating explains all of that.",
        ),
        shown=("A 2011 laptop on a free system, off to the school round the corner.",),
        experience="Old computers made fit for charities",
    ),
    Craft(
        slug="wood",
        label="wood",
        things=(("Dining chair", "my dining chair"), ("Kitchen table", "the kitchen table"), ("Stool", "my stool")),
        faults=("wobbles in spite of the glue", "splits along the grain", "creaks at every move"),
        tried=("Glue and a clamp held for a month.", "The screws just spin.", "I wedged a leg with cardboard."),
        how=(
            ("A finish for a worktop?", "Oil or varnish, with water and children about?"),
            ("Stripping without harming veneer", "It is very thin at the edges. Scrape, chemicals, something else?"),
        ),
        advice=(
            "Scrape off all the old glue first, or nothing will hold.",
            "A screw that spins? Glue two matches into the hole and drive it again.",
            "Take the joint apart, pack it with a shaving, glue, and clamp till tomorrow.",
        ),
        shown=("Four chairs glued, and the fifth waiting for its rung.",),
        experience="Joinery on Sundays, chairs mostly",
    ),
)
