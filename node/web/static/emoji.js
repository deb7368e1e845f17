// The emoji one can choose from: each with the words by which it is found, in English and in German.

// A line is an emoji and its words.
const GROUPS = {
  smileys: `
😀 grinning grinsendes smile lächeln
😃 grinning big eyes grinsendes großen augen
😄 grinning smiling eyes grinsendes lachenden augen
😁 beaming smiling eyes strahlendes lachenden augen
😆 grinning squinting grinsegesicht zugekniffenen augen
😅 grinning sweat grinsendes schweißtropfen
🤣 rolling on floor laughing sich vor lachen auf dem boden wälzen
😂 tears joy freudentränen lol lachen laugh
🙂 slightly smiling leicht lächelndes smile lächeln
🙃 upside down umgekehrtes
😉 winking zwinkerndes
😊 smiling eyes lächelndes lachenden augen
😇 smiling halo lächelndes heiligenschein
🥰 smiling hearts lächelndes herzen
😍 smiling heart eyes lächelndes herzförmigen augen
🤩 star struck überwältigt
😘 blowing a kiss kuss zuwerfendes
😗 kissing küssendes
😚 kissing closed eyes küssendes geschlossenen augen
😋 savoring food sich lippen leckendes
😛 tongue herausgestreckter zunge
😜 winking tongue zwinkerndes herausgestreckter zunge
🤪 zany irres
😝 squinting tongue herausgestreckter zunge zusammengekniffenen augen
🤗 smiling open hands umarmenden händen
🤭 hand over mouth verlegen kicherndes
🤫 shushing ermahnendes
🤔 thinking nachdenkendes think
🤐 zipper mouth reißverschlussmund
🤨 raised eyebrow hochgezogenen augenbrauen
😐 neutral neutrales
😑 expressionless ausdrucksloses
😶 without mouth ohne mund
😏 smirking süffisant lächelndes
😒 unamused verstimmtes
🙄 rolling eyes augen verdrehendes
😬 grimacing grimassen schneidendes
😌 relieved erleichtertes
😔 pensive nachdenkliches
😪 sleepy schläfriges
😴 sleeping schlafendes
😷 medical mask atemschutzmaske
🤒 thermometer fieberthermometer
🤕 head bandage kopfverband
🤢 nauseated würgendes
🤮 vomiting kotzendes
🤧 sneezing niesendes
🥵 hot schwitzendes
🥶 cold frierendes
🥴 woozy schwindeliges
😵 crossed out eyes benommenes
🤯 exploding head explodierender kopf
🤠 cowboy hat cowboyhut
🥳 partying partygesicht party
😎 smiling sunglasses lächelndes sonnenbrille
🤓 nerd strebergesicht
🧐 monocle monokel
😕 confused verwundertes
😟 worried besorgtes
🙁 slightly frowning betrübtes
😮 open mouth offenem mund wow
😯 hushed verdutztes
😲 astonished erstauntes
😳 flushed errötetes großen augen
🥺 pleading bettelndes
😦 frowning open mouth entsetztes
😨 fearful ängstliches
😰 anxious sweat besorgtes schweißtropfen
😥 sad but relieved trauriges aber erleichtertes
😢 crying weinendes sad traurig
😭 loudly crying heulendes weinen cry
😱 screaming in fear vor angst schreiendes
😖 confounded verwirrtes
😣 persevering entschlossenes
😞 disappointed enttäuschtes
😓 downcast sweat bedrücktes schweiß
😩 weary erschöpftes
😫 tired müdes
🥱 yawning gähnendes
😤 steam from nose schnaubendes
😡 enraged schmollendes wütend angry
😠 angry verärgertes
🤬 symbols on mouth symbolen über dem mund
😈 smiling horns grinsendes hörnern
💀 skull totenkopf
💩 pile poo kothaufen
🤡 clown
👻 ghost gespenst
👽 alien außerirdischer
🤖 robot roboter
😺 grinning cat grinsende katze
😻 smiling cat heart eyes lachende katze herzen als augen
🙈 see no evil monkey sich augen zuhaltendes affengesicht
🙉 hear no evil monkey sich ohren zuhaltendes affengesicht
🙊 speak no evil monkey sich den mund zuhaltendes affengesicht
`,
  people: `
👋 waving hand winkende hello hallo wave
🤚 raised back hand erhobene von hinten
✋ raised hand erhobene
🖖 vulcan salute vulkanischer gruß
👌 ok hand zeichen
🤌 pinched fingers zusammengedrückte finger
🤏 pinching hand wenig geste
✌️ victory hand geste
🤞 crossed fingers hand gekreuzten fingern
🤟 love you gesture ich liebe dich geste
🤘 sign horns teufelsgruß
🤙 call me hand ruf mich an handzeichen
👈 backhand index pointing left nach links weisender zeigefinger
👉 backhand index pointing right nach rechts weisender zeigefinger
👆 backhand index pointing up nach oben weisender zeigefinger von hinten
👇 backhand index pointing down nach unten weisender zeigefinger
☝️ index pointing up nach oben weisender zeigefinger von vorne
👍 thumbs up daumen hoch yes ok ja +1
👎 thumbs down daumen runter no nein -1
✊ raised fist erhobene faust
👊 oncoming fist geballte faust
🤛 left facing fist faust nach links
🤜 right facing fist faust nach rechts
👏 clapping hands klatschende hände clap
🙌 raising hands zwei erhobene handflächen
👐 open hands offene hände
🤲 palms up together handflächen nach oben
🤝 handshake handschlag
🙏 folded hands zusammengelegte handflächen thanks danke bitte please
✍️ writing hand schreibende
💪 flexed biceps angespannter bizeps
🧠 brain gehirn
👀 eyes augen look schauen
👁️ eye auge
👄 mouth mund
👶 baby
🧒 child kind
👦 boy junge
👧 girl mädchen
🧑 person
👨 man mann
👩 woman frau
🧓 older person ältere
👴 old man älterer mann
👵 old woman ältere frau
🙅 person gesturing no überkreuzten armen
🙆 person gesturing ok händen auf dem kopf
🙋 person raising hand erhobenem arm
🤦 person facepalming sich an den kopf fassende facepalm
🤷 person shrugging schulterzuckende shrug
🙇 person bowing sich verbeugende
💁 person tipping hand infoschalter mitarbeiterin
🧑‍💻 technologist it experte/it expertin
🧑‍🍳 cook koch/köchin
🧑‍🎓 student studentin
🧑‍🏫 teacher lehrerin
🧑‍🔧 mechanic mechanikerin
🧑‍🚀 astronaut astronautin
👮 police officer polizistin
🎅 santa claus weihnachtsmann
🦸 superhero superheldin
🧙 mage magierin
💃 woman dancing tanzende frau
🕺 man dancing tanzender mann
🚶 person walking fußgängerin
🏃 person running laufende
🧘 person in lotus position lotossitz
🚴 person biking radfahrerin
🏊 person swimming schwimmerin
🧗 person climbing bergsteigerin
👪 family familie
👥 busts in silhouette mehrerer büsten
🗣️ speaking head sprechender kopf
`,
  nature: `
🐶 dog hundegesicht
🐱 cat katzengesicht
🐭 mouse mäusegesicht
🐹 hamster
🐰 rabbit hasengesicht
🦊 fox fuchs
🐻 bear bär
🐼 panda
🐨 koala
🐯 tiger tigergesicht
🦁 lion löwe
🐮 cow kuhgesicht
🐷 pig schweinegesicht
🐸 frog frosch
🐵 monkey affengesicht
🐔 chicken huhn
🐧 penguin pinguin
🐦 bird vogel
🦆 duck ente
🦉 owl eule
🐺 wolf
🐴 horse pferdegesicht
🦄 unicorn einhorn
🐝 honeybee biene
🦋 butterfly schmetterling
🐌 snail schnecke
🐞 lady beetle marienkäfer
🐢 turtle schildkröte
🐍 snake schlange
🐙 octopus oktopus
🐟 fish fisch
🐬 dolphin delfin
🐳 spouting whale blasender wal
🦈 shark hai
🐘 elephant elefant
🦒 giraffe
🐑 ewe schaf
🐕 dog hund
🐈 cat katze
🦔 hedgehog igel
🐾 paw prints tatzenabdrücke
🌵 cactus kaktus
🎄 christmas tree weihnachtsbaum
🌲 evergreen tree nadelbaum
🌳 deciduous tree laubbaum
🌴 palm tree palme
🌱 seedling spross
🌿 herb kräuter
🍀 four leaf clover glücksklee
🍁 maple leaf ahornblatt
🍂 fallen leaf laub
🍄 mushroom fliegenpilz
🌷 tulip tulpe
🌹 rose
🌻 sunflower sonnenblume
🌼 blossom gelbe blüte
🌸 cherry blossom kirschblüte
💐 bouquet blumenstrauß
🌍 globe showing europe africa globus europa afrika
🌙 crescent moon mondsichel
⭐ star weißer mittelgroßer stern
🌟 glowing star funkelnder stern
✨ sparkles funkelnde sterne
⚡ high voltage hochspannung
🔥 fire feuer lit
🌈 rainbow regenbogen
☀️ sun sonne
⛅ sun behind cloud sonne hinter wolke
☁️ cloud wolke
🌧️ cloud rain wolke regen
⛈️ cloud lightning rain wolke blitz regen
❄️ snowflake schneeflocke
⛄ snowman without snow schneemann ohne schneeflocken
🌬️ wind
💧 droplet tropfen
☔ umbrella rain drops regenschirm regen
🌊 water wave welle
`,
  food: `
🍎 red apple roter apfel
🍐 pear birne
🍊 tangerine mandarine
🍋 lemon zitrone
🍌 banana banane
🍉 watermelon wassermelone
🍇 grapes trauben
🍓 strawberry erdbeere
🫐 blueberries blaubeeren
🍒 cherries kirschen
🍑 peach pfirsich
🥭 mango
🍍 pineapple ananas
🥥 coconut kokosnuss
🥝 kiwi fruit
🍅 tomato tomate
🥑 avocado
🥦 broccoli brokkoli
🥕 carrot karotte
🌽 ear corn maiskolben
🌶️ hot pepper peperoni
🥔 potato kartoffel
🧄 garlic knoblauch
🧅 onion zwiebel
🍞 bread brot
🥐 croissant
🥖 baguette bread
🥨 pretzel brezel
🧀 cheese wedge käsestück
🥚 egg ei
🍳 cooking spiegelei in bratpfanne
🥞 pancakes pfannkuchen
🥓 bacon
🍔 hamburger
🍟 french fries pommes frites
🍕 pizza
🌭 hot dog hotdog
🥪 sandwich
🌮 taco
🌯 burrito
🥗 green salad salat
🍝 spaghetti
🍜 steaming bowl schüssel essstäbchen
🍲 pot food topf essen
🍣 sushi
🍱 bento box
🥟 dumpling teigtasche
🍚 cooked rice reis in schüssel
🍦 soft ice cream softeis
🍩 doughnut donut
🍪 cookie keks
🎂 birthday cake geburtstagskuchen
🍰 shortcake torte
🧁 cupcake
🍫 chocolate bar schokoladentafel
🍬 candy bonbon
🍭 lollipop lutscher
🍯 honey pot honigtopf
🥛 glass milk glas milch
☕ hot beverage heißgetränk
🍵 teacup without handle teetasse ohne henkel
🍺 beer mug bierkrug
🍻 clinking beer mugs bierkrüge
🥂 clinking glasses sektgläser
🍷 wine glass weinglas
🍸 cocktail glass cocktailglas
🍹 tropical drink cocktail
🧃 beverage box trinkpäckchen
🍽️ fork knife plate teller messer gabel
`,
  activities: `
⚽ soccer ball fußball
🏀 basketball
🏈 american football
🎾 tennis tennisball
🏐 volleyball
🎱 pool 8 ball billardkugel
🏓 ping pong tischtennis
🏸 badminton
🥅 goal net tor
⛳ flag in hole golffahne
🏹 bow arrow pfeil bogen
🎣 fishing pole angel fisch
🥊 boxing glove boxhandschuh
🛹 skateboard
⛸️ ice skate schlittschuh
🎿 skis ski
🏆 trophy pokal
🥇 1st place medal goldmedaille
🥈 2nd place medal silbermedaille
🥉 3rd place medal bronzemedaille
🏅 sports medal sportmedaille
🎫 ticket
🎭 performing arts masken
🎨 artist palette mischpalette
🎬 clapper board filmklappe
🎤 microphone mikrofon
🎧 headphone kopfhörer
🎼 musical score notenschlüssel
🎹 musical keyboard klaviatur
🥁 drum trommel
🎷 saxophone saxofon
🎸 guitar gitarre
🎻 violin geige
🎲 game spielwürfel
♟️ chess pawn bauer schach
🎯 bullseye darts
🎳 bowling
🎮 video game gamepad
🧩 puzzle piece puzzleteil
🎉 party popper konfettibombe tada feier
🎊 confetti ball konfettiball
🎈 balloon luftballon
🎁 wrapped gift geschenk
🎀 ribbon pinke schleife
🎆 fireworks feuerwerk
`,
  travel: `
🚗 automobile auto
🚕 taxi
🚌 bus
🚑 ambulance krankenwagen
🚒 fire engine feuerwehrauto
🚚 delivery truck lieferwagen
🚜 tractor traktor
🚲 bicycle fahrrad
🛴 kick scooter tretroller
🏍️ motorcycle motorrad
🚂 locomotive dampflokomotive
🚆 train zug
🚇 metro u bahn
🚊 tram straßenbahn
✈️ airplane flugzeug
🛫 airplane departure abflug
🚀 rocket rakete launch
🛸 flying saucer fliegende untertasse
🚁 helicopter hubschrauber
⛵ sailboat segelboot
🚢 ship schiff
⚓ anchor anker
⛽ fuel pump tanksäule
🚦 vertical traffic light vertikale verkehrsampel
🗺️ world map weltkarte
🗽 statue liberty freiheitsstatue
🏰 castle schloss
🎡 ferris wheel riesenrad
🎢 roller coaster achterbahn
⛲ fountain springbrunnen
🏖️ beach umbrella strand sonnenschirm
🏝️ desert island einsame insel
🌋 volcano vulkan
⛰️ mountain berg
🏔️ snow capped mountain schneebedeckter berg
⛺ tent zelt
🏠 house haus
🏡 house garden haus garten
🏢 office building bürogebäude
🏥 hospital krankenhaus
🏦 bank
🏨 hotel
🏫 school schule
⛪ church kirche
🕌 mosque moschee
🌆 cityscape at dusk abendstimmung in stadt
🌃 night stars sternenhimmel
🌉 bridge at night brücke vor nachthimmel
`,
  objects: `
⌚ watch armbanduhr
📱 mobile phone mobiltelefon
💻 laptop
⌨️ keyboard tastatur
🖨️ printer drucker
📷 camera fotoapparat
🎥 movie camera filmkamera
📞 telephone receiver telefonhörer
📺 television fernseher
📻 radio
⏰ alarm clock wecker
⏳ hourglass not done laufende sanduhr
🔋 battery batterie
🔌 electric plug netzstecker
💡 light bulb glühbirne
🔦 flashlight taschenlampe
🕯️ candle kerze
💸 money wings geldschein flügeln
💶 euro banknote
💳 credit card kreditkarte
💎 gem stone edelstein
🔧 wrench schraubenschlüssel
🔨 hammer
🛠️ hammer wrench schraubenschlüssel
⚙️ gear zahnrad
🔒 locked geschlossenes schloss
🔑 key schlüssel
🚪 door tür
🛏️ bed bett
🚿 shower dusche
🧹 broom besen
🧺 basket korb
🧻 roll paper küchenrolle
🧼 soap seife
🛒 shopping cart einkaufswagen
✉️ envelope briefumschlag
📧 e mail
📦 package paket
📜 scroll schriftrolle
📄 page facing up vorderseite eines blattes
📊 bar chart balkendiagramm
📈 chart increasing aufwärtstrend
📉 chart decreasing abwärtstrend
📅 calendar kalender
📌 pushpin reißzwecke
📎 paperclip büroklammer
✂️ scissors schere
📝 memo papier bleistift
✏️ pencil bleistift
🔍 magnifying glass tilted left lupe nach links
📚 books bücherstapel
📖 open book offenes buch
🔖 bookmark lesezeichen
🗑️ wastebasket papierkorb
💊 pill kapsel
🩹 adhesive bandage heftpflaster
🔬 microscope mikroskop
🔭 telescope teleskop
👓 glasses brille
👕 t shirt
👗 dress kleid
👟 running shoe sportschuh
👑 crown krone
🎒 backpack schulranzen
☂️ umbrella regenschirm
💼 briefcase aktentasche
🧳 luggage gepäck
`,
  symbols: `
❤️ red heart rotes herz love liebe
🧡 orange heart oranges herz
💛 yellow heart gelbes herz
💚 green heart grünes herz
💙 blue heart blaues herz
💜 purple heart lila herz
🖤 black heart schwarzes herz
🤍 white heart weißes herz
🤎 brown heart braunes herz
💔 broken heart gebrochenes herz
💕 two hearts zwei herzen
💖 sparkling heart funkelndes herz
💯 hundred points 100 punkte
💢 anger symbol ärger
💥 collision zusammenstoß
💫 dizzy schwindlig
💤 zzz schlafen
💬 speech balloon sprechblase drei punkten
💭 thought balloon gedankenblase
✅ check mark weißes häkchen done erledigt ok
☑️ check box abstimmungsfeld häkchen
✔️ check mark kräftiges häkchen
❌ cross mark kreuzzeichen
❎ cross mark angekreuztes kästchen
➕ plus
➖ minus
➡️ right arrow pfeil nach rechts
⬅️ left arrow pfeil nach links
⬆️ up arrow pfeil nach oben
⬇️ down arrow pfeil nach unten
↩️ right arrow curving left geschwungener pfeil nach links
🔄 counterclockwise arrows pfeile gegen den uhrzeigersinn
❓ red question mark rotes fragezeichen
❗ red exclamation mark rotes ausrufezeichen
‼️ double exclamation mark doppeltes ausrufezeichen
⚠️ warning warnung
🚫 prohibited verboten
⛔ no entry zutritt verboten
♻️ recycling symbol
🔴 red circle roter punkt
🟠 orange circle oranger punkt
🟡 yellow circle gelber punkt
🟢 green circle grüner punkt
🔵 blue circle blauer punkt
🟣 purple circle lila punkt
⚫ black circle schwarzer punkt
⚪ white circle weißer punkt
🔔 bell glocke
🔕 bell slash durchgestrichene glocke
🔊 speaker high volume lautsprecher hoher lautstärke
🔇 muted speaker durchgestrichener lautsprecher
♾️ infinity unendlichkeit
☮️ peace symbol friedenszeichen
🏁 chequered flag zielflagge
🚩 triangular flag wimpel
🏳️‍🌈 rainbow flag regenbogenflagge
🏳️ white flag weiße flagge
🏴 black flag schwarze flagge
`,
};

/** All of them in their order: {emoji, group, words}; the first word names it. */
export const EMOJI = Object.entries(GROUPS).flatMap(([group, lines]) =>
  lines.trim().split("\n").map((line) => {
    const [emoji, ...words] = line.split(" ");
    return { emoji, group, words };
  }),
);

/** Those of which every word that is asked for begins a word; the earlier in its words, the better. */
export function findEmoji(asked, most = EMOJI.length) {
  const wanted = asked.toLowerCase().split(/[\s_]+/).filter(Boolean);
  if (!wanted.length) return EMOJI.slice(0, most);
  const place = (words, one) => words.findIndex((word) => word.startsWith(one));
  const found = EMOJI.filter(({ words }) => wanted.every((one) => place(words, one) >= 0));
  return found.sort((a, b) => place(a.words, wanted[0]) - place(b.words, wanted[0])).slice(0, most);
}
