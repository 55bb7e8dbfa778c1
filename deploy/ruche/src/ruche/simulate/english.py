"""What is said in the simulated workshop, in English; its core team, relays and channels are the shipped playbook's."""

from ruche.simulate.english_crafts import CRAFTS
from ruche.simulate.language import Channels, Figure, Language, Trouble

_NAMES = (
    "Abigail Adam Ahmed Alfie Alice Amber Amelia Arjun Arthur Ava Barnaby Beatrice Ben Beth Bilal Callista Cara Carys "
    "Charlotte Chloe Clive Conor Daisy Daniel Darren Declan Dev Dylan Edith Edmund Eleanor Eliza Ellis Emily Erin "
    "Esme Ethan Evie Faith Farah Felix Finn Fiona Flora Francis Freya Gareth Gemma George Hannah Harriet Harry Heather "
    "Henry Hugh Ida Imogen Iris Isaac Isla Ivy Jack Jamal James Jasmine Joan Joe Josie Judith Kamal Kate Keira Kenji "
    "Kirsty Laura Leah Leo Lewis Lily Liam Lorna Lucy Luke Mabel Maisie Marcus Martha Mary Matilda Max Megan Mina "
    "Mohammed Molly Morgan Nadia Naomi Nathan Nell Niamh Noah Nora Oliver Olive Oscar Patrick Pearl Peter Phoebe Poppy "
    "Rachel Rafi Ralph Rhys Robin Rosa Ruby Rupert Ruth Sam Sara Sean Seth Simon Sofia Stella Tariq Tess Theo Una "
    "Vera Victor Violet Walter Will Yusuf Zara Zoe"
)

ENGLISH = Language(
    code="en",
    timezones=("Europe/London",) * 12 + ("Europe/Dublin", "Europe/Paris", "Europe/Lisbon"),
    other_languages=("fr", "es", "cy", "pl", "ur"),
    channels=Channels(
        welcome="welcome",
        help="help",
        introductions="introductions",
        workshops="workshops",
        general="general",
        team="team",
    ),
    populations=("neighbours", "neighbours", "neighbours", "workshops", "workshops", "school"),
    team=(
        Figure("rosie", "Rosie", ("wood",), "Welcome and daily life", "neighbours"),
        Figure("tom", "Tom", ("electrics", "appliances"), "Electrics and safety", "workshops"),
        Figure("grace", "Grace", ("sewing",), "Meet-ups and partners", "workshops"),
    ),
    relays=(
        Figure("priya", "Priya", ("sewing", "appliances"), "Sewing and small faults", "neighbours"),
        Figure("owen", "Owen", ("bikes", "soldering"), "Bikes and metal", "workshops"),
        Figure("maeve", "Maeve", ("computers", "electrics"), "Old computers and lamps", "neighbours"),
        Figure("callum", "Callum", ("wood", "bikes"), "Chairs by day, bikes by night", "neighbours"),
    ),
    sponsor=Figure("helen", "Helen", (), "Community centre, lends the rooms", "neighbours"),
    bot=("timer", "Timer"),
    names=tuple(_NAMES.split()),
    crafts=CRAFTS,
    breakdown_title="{Thing} {fault}",
    greetings=("Hi all,", "Hello,", "Good evening,", "Hi everyone,", ""),
    since=(" since last night", " for a week now", " ever since we moved", " more and more often", "", ""),
    asks=(
        "Any idea?",
        "Where would you start?",
        "Can it be mended, or should I look for a part?",
        "Has anybody seen this before?",
        "What would you check first?",
    ),
    closings=("Thanks in advance!", "Thank you.", "I can bring it on Saturday.", "Photo to follow tonight.", "", ""),
    urgent="I need it tomorrow, so any lead is welcome.",
    openings=("I had the very same last year.", "That can be mended, I'd say.", "Good news, it's an easy one.", ""),
    last_words=(
        "Let us know how it goes.",
        "If you get stuck, come on Saturday and we'll look together.",
        "Take a photo before you take it apart.",
        "",
        "",
    ),
    me_too=("Same here.", "+1", "Me too, following this.", "up"),
    thanks=(
        "Thanks!",
        "Thank you {name}, that was it.",
        "Many thanks, it works again.",
        "Thank you, I'd never have thought of that.",
    ),
    follow_ups=(
        (
            "Thanks, I'll try at the weekend. Do I need a special tool?",
            "Nothing special: a small screwdriver, a light and some patience.",
        ),
        (
            "I looked and can't see anything odd. What should I test next?",
            "Start over, one thing at a time, and note what changes. On Saturday we can measure.",
        ),
        (
            "Right, but how do I do that without breaking anything?",
            "Take a photo at each step and never force it: if it resists, there's a hidden screw.",
        ),
    ),
    comments=(
        "Good question, I'll ask around.",
        "We talked about that at the workshop the other day.",
        "I may have one in the garage, I'll look.",
        "Noted, thanks.",
        "Shall we sort it out on Saturday?",
        "Well said.",
        "Count me in.",
        "Any left? I'd be interested.",
    ),
    praise=(
        "Lovely work, makes me want to start.",
        "Do you have a picture from before?",
        "The same way worked well for me.",
        "How long did it take you?",
        "Nice one, I'll keep that in mind.",
        "And to think it was meant for the skip.",
    ),
    edited="To be clear: it's about ten years old.",
    presentation_title="A word on arriving",
    presentations=(
        "Hello, I'm {name}. I live nearby and would like to learn to mend things instead of binning them.",
        "Hi, {name} here. I know a little about {craft}, and for the rest I'm here to learn.",
        "Hello everyone. I have a box of broken things and some time on Saturdays. {name}",
        "Hello, my name is {name}. A neighbour told me about this place and it looked friendly.",
    ),
    welcomes=(
        "Welcome {name}! Come on Saturday, there'll be tea.",
        "Welcome {name}. If something is broken right now, ask in help.",
        "Hi {name}, we have that same box at home. What comes first?",
        "Welcome! We may have met at the street party.",
    ),
    chatter=(
        "Does anybody know whether the tip is open on Monday?",
        "I have three metres of cloth cable left over, if anyone fancies it.",
        "Saturday's lunch was very good, thanks to the kitchen.",
        "Who could lend me a 15 mm spanner this week?",
        "Small win of the day: a kettle saved with a drop of spirit.",
        "Could we make a list of the spare parts we have twice?",
        "Looking for jars to sort screws, any size.",
    ),
    shown_titles=("Mended!", "Before and after", "One more saved", "Weekend pride"),
    feedback=(
        ("An evening session", "I work on Saturdays. One evening a month would suit me, and others too I think."),
        ("Label the drawers", "We lose ten minutes looking for screws. Labels would help everybody."),
        ("Lend out the meters", "I'd like to borrow one for a week against a deposit."),
    ),
    feedback_answers=(
        "Good idea, we'll do it this month.",
        "Yes, but after the works this spring.",
        "We tried last year and too few people used it.",
    ),
    kudos=("for taking the time to explain", "for your help on Saturday", "for your patience with my machine"),
    announcements=(
        ("This week's programme", "Workshop on Saturday, 2 pm to 5.30. Bring a thing, leave with a skill."),
        ("New bench", "The bench at the back is up. The vices still need fitting, hands are welcome."),
    ),
    polls=(
        ("What should the next workshop be about?", "Bikes, sewing, small appliances or computers: vote here."),
        ("When to open on Saturdays?", "One o'clock, two o'clock or all day?"),
    ),
    meetups=("Saturday workshop", "Bike afternoon", "Repair café", "Sewing together"),
    tasks=(
        ("Sort the donated chargers", "computers"),
        ("Service the two loan bikes", "bikes"),
        ("Mend the workshop aprons", "sewing"),
        ("Check the extension leads", "electrics"),
    ),
    team_words=(
        "Quick word: the keys are with the caretaker, I'll open on Saturday.",
        "We need solder and fuses, I'm making the list.",
        "Who is in on Tuesday to take in the donated tools?",
    ),
    reminders=("Reminder: the workshop opens on Saturday at 2.", "Reminder: please bring borrowed tools back."),
    news=(
        ("A repair score for washing machines", "https://example.invalid/score", "appliances"),
        ("What becomes of old phones?", "https://example.invalid/phones", "computers"),
    ),
    promise="ten meters for the workshop",
    promised="room",
    sponsor_words=("The community centre is glad to see this place alive. The meters are on order.",),
    nomination="has been helping since before we opened",
    advocacy="told the school fair about the workshop",
    mended="objects",
    programme="repair-guide",
    spam_names=("hot-deals", "fast-cash", "promo-flash", "top-loans", "super-bargain"),
    spam=(
        "Earn money from home, click now!!!",
        "Luxury watches at half price, first come first served",
        "Loans in five minutes, no papers, write to me in private",
    ),
    flags=("spam", "advertising"),
    troubles=(
        Trouble(
            tag="booking",
            title="Booking is broken",
            complaints=(
                "I can't book for Saturday, the page just spins. Really annoying.",
                "My booking vanished without a word. I took the afternoon off for it.",
                "It says full while the room is half empty, this is not good enough.",
                "Three confirmations and then a cancellation. Nobody knows what's going on.",
                "Another error on the last step. Fourth time, I give up.",
                "Same problem here, no slots left and nobody answers the phone.",
                "I was told to book, I booked, and my name is on no list.",
                "Two hours lost for one place, that is a poor show.",
            ),
            answers=(
                "Thank you for telling us. We see it and are looking, I'll be back before tonight.",
                "It's on our side, not yours. Come on Saturday as planned, we'll take names at the door.",
            ),
            end="Booking works again. Lost places are given back, and we are sorry for the time it cost you.",
        ),
    ),
    complaints=(
        ("A tool came back broken", "The drill had no chuck in its case. That's a nuisance for whoever comes next."),
        ("Too noisy by the door", "You can't hear a word when the compressor runs, it spoils the afternoon."),
    ),
)
