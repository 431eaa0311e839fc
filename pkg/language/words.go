package language

import "strings"

// The words of each side, in lower case, by the votes they have: three for a word
// that hardly occurs in texts of another language, two for one that does in titles
// and names or is spelled like a foreign word, one for a word that says little. A
// word of several languages votes for all of them. An apostrophe at the end marks
// what is elided before another word, one at the start what is contracted.
//
// French words also stand without their accents where that makes no foreign word,
// since headlines and old wires leave them out.
var lists = [...]struct {
	side, votes int
	words       string
}{
	{english, 3, `
		about after again against all also although always among another any anyone are aren' around away
		be because been before began behind being believe below better between both but by called came
		can' cannot could couldn' didn' does doesn' doing don' done during each either else enough even
		ever every everyone few found from get give given go goes going gone got hadn' has hasn' have
		haven' having he' her here hers herself him himself his how however if into isn' it it' its itself
		just keep knew know last later least less let let' like little made make makes making many may
		maybe might more most mostly much must my myself need never new next nobody none nor not nothing
		now off often only onto other others our ours out own people perhaps please quite rather really
		said same saw saying says see seen she she' should since some someone soon still such take taken
		than that that' the their theirs them then there there' these they they' thing things think this
		those though thought through thus till to today together told tomorrow too took toward towards
		tried true try trying turn twice under until up upon us used using very want wanted wants wasn'
		we' well went were weren' what what' whatever when whenever where whether which while who who'
		whole whom whose why with within without won' would wouldn' year years yes yet you you' your yours
		yourself`},
	{english, 2, `
		'll 're 's 've above across ago allow allows along already am and answer as ask asked at attacker
		back became become best bid big buys can children company cts day days deal did dividend dlrs do
		down eight falls far feel find first five fixed for four friend good great had half he hear help
		home house i' in is issue left long look lot love man me meet men mind mln money month months mr
		mrs ms mths near net night nine no of old on one open or over package packages part parts per play
		point prior problem problems profit put qtly qtr quarter question raises read record release revs
		right rises room run sales say school second security set seven share shares show shr shrs six so
		speak state states stocks sure system talk tell ten three time two update updates upgrade use
		version vote wait walk was watch water way we week weeks will woman women work worked working
		world write young`},
	{english, 1, `
		'd 'm 't a an corp inc ltd pct vs`},
	{french, 3, `
		afin aie aient ailleurs ainsi ait allait allé alors ans appelle apres après arrête assez attend au
		aucun aucune aucunes aujourd' auprès auquel aura aurait auront aussi autant autour autre autres
		aux auxquels avaient avais avait avant avec avez avoir avons ayant beaucoup besoin bonne ce ceci
		cela celle celles celui certain certaine certains ces cet cette ceux chacun chaque chez choses
		combien comme contre croire croit dans deja depuis dernier dessous dessus deux devait devant
		devenir devenu devez devient devoir devons devrait disait dites doit doivent donc donner dont
		durant dès déjà encore enfin ensemble ensuite envers est et etaient etait etre eux faire fais
		faisait fait faites faudra faudrait faut fera ferait fois font fut gens grâce heure heures hors
		hui ici ils jamais je jour jours jusqu' jusque juste laisse laquelle lequel lesquels leur leurs
		loin lors lorsqu' lorsque là malgré meme mes mettre mieux moi moins mois mon monde même mêmes nom
		nombreux notre nous nouveau nouvel nouvelle nul ont oui outre où parce parfois parle parler parmi
		pas passé pendant pense personne peu peut peuvent peux plupart plutot plutôt pour pourquoi
		pourrait pourtant pouvait pouvez pouvoir premier premiers prendre presque pris près puis puisqu'
		puisque qu' quand quel quelles quelqu' quelque quelques quels quoi rien sais sait sans sauf savoir
		selon semaine sera serait seront ses seul seule sinon soi soient sois soit sommes sont sous
		souvent suis suivant suivants sur surtout tant tard tel telle telles tels temps toi toujours tous
		tout toute toutes travers trois trop trouve trouver très tôt une vais vas venir vers veulent veut
		veux vient voici voilà voir vont vos votre voulait voulez vouloir vous vraiment vu ça équipe
		étaient étais était étant été êtes être`},
	{french, 2, `
		accord acheter affaire aime aimerais aimes ami amis annee annees année années aout août argent
		arrive arrivé avis avril bas bogue bogues bon bord brèves bébé cadre cas cent chat chef chien
		chose cinq comment corrigé cote coup cours côté devrais dimanche dire dix droit droits du eau elle
		elles enfants erreur erreurs esprit etat etats exemple faille failles faim famille façon femme
		femmes fille fils fin forme frère février gouverne grandes grands groupe guerre homme hommes huit
		idée j' janvier jeu jeudi jeune jeunes jeux joue juillet juin lieu livre livres loi lundi m'
		maison mal mange manger manière marche marché mardi matin membres merci mercredi mesure mesures
		mille milliard millions mort mot mots mère n' neuf niveau nouveaux novembre nuit octobre ordre
		paquet paquets par parti partie passe pays permet petit petite petits peuple peur plus porte prix
		projet propos père quatre raison rapport reste rue s' samedi santé sept soir sujet système sûr t'
		travail tête utilise utiliser vendredi vends vie vieux ville vite voiture voix voudrais vrai vue
		vérité â école état états ô`},
	{french, 1, `
		a ai aide aller an as bien c' car ci d' de des dit dois dos en entre es eu grand grande hier il l'
		la le les lui ma mai mais me mise ne ni non nos on or ou point que quelle qui sa se si son suite
		te ton tres tu un va y à`},
	{german, 3, `
		aber allem allen anderen auch auf aus bei beim bin bis bist dabei dadurch daher damit danach dann
		daran darauf darin dass davon dazu daß dein deine dem den denen denn deren dessen deutsche dich
		dies diese diesem diesen dieser dieses dir dort durch dürfen ebenso ein eine einem einen einer
		eines einige einmal erst etwa etwas euch euer frau für gab ganz gegeben gegen geht gehört gestern
		gewesen gibt gut habe haben hat hatte hatten heute hinter ich ihm ihn ihnen ihr ihre ihrem ihren
		ihrer ihres immer ins ist jahr jahre jahren jede jeden jeder jedes jedoch jemand jetzt kann kein
		keine keinen keiner keines konnte können könnte land lange leben machen macht mehr mein meine
		meinem meinen meiner mensch menschen mich mir mit morgen muss musste mußte möchte müssen nach
		nachdem neben nicht nichts noch nun nur ob obwohl oder ohne sagt sagte schon sehr sein seine
		seinem seinen seiner seit selbst sich sie sind soll sollen sollte sondern sonst sowie uber uhr und
		unser unsere unter viel viele vom von vor war warum wegen weil weiter welche wenn wer wieder wir
		wird wirst wo wollen wollte wurde wurden während wäre würde würden zu zum zur zwar zwei zwischen
		über`},
	{german, 2, `
		bitte grosse große großen herr im neue neuen neuer tag`},
	{german, 1, `
		alle aller alles als am an andere da das der des die doch er es hier in ja man nie niemand recht
		sei so um uns waren was werden wie will worden`},
	{spanish, 3, `
		ahora algo alguien alguna algunas alguno algunos allí ante aquel aquella aquí así aunque año años
		bajo casi cosas cual cuando cuanto cuatro cómo debe deben decir derecho derechos después dicho
		dijo donde día días dónde el ella ellas ellos entonces eran eres esa esas ese eso esos estaba
		estar estas esto estos estoy están fue fuera fueron gobierno gracias haber hablar había hace hacen
		hacer hacia han hasta hay haya hecho hemos hizo hombre hoy jamás junto las los luego mayor mañana
		mejor mientras mis misma mismo mucha mucho muchos mujer muy más nadie ninguna ninguno nosotros
		nuestra nuestro nueva nuevo otra otras otro otros pero personas primer primera pueblo pueda puede
		pueden pues quien quiere quiero quién qué sabe sea según siempre sin sino somos soy sus sólo
		también tan tenemos tener tengo tenía tiempo tiene tienen todavía trabajo tras tú unas unos usted
		ustedes veces ver ya yo él`},
	{spanish, 2, `
		san`},
	{spanish, 1, `
		a al antes bien cada como con contra cosa dar de del desde dia dice dos durante e en entre era es
		esta este está gran ha he la le les lo mas me menos mi nada ni no nos nunca o os para parte país
		persona poco por porque que se ser será si sido sobre solo son su tanto te toda todas todo todos
		tres tu u un una uno va vamos vez vida y`},
	{italian, 3, `
		abbiamo adesso agli alcune alcuni alla allo allora altra altre altri altro anche ancora anni anno
		avere aveva avevano bene buon che chi cioè città come contro cose così cui dagli dai dal dall'
		dalla dalle degli dei dell' della delle dello dentro detto devono di diritti diritto dopo dove due
		dunque ed erano essere fa fare fatto fino fra fu fuori giorni giorno già gli hai hanno ho infatti
		insieme invece io lavoro lei li loro meglio meno mentre mia mio molte molti molto nei nel nell'
		nella nelle nello nessuno niente noi nostra nostro nulla nuova nuovo oggi ogni oltre ora ore paese
		perché persone però più poi possono prima primo proprio può qualche quale quali quasi quella
		quelli quello questa queste questi questo quindi sarebbe sarà secondo senza sia siamo sono sopra
		sotto stata stati stato stesso sue sugli sui sul sull' sulla sulle suo suoi ti tra tre troppo
		tutta tutte tutti tutto un' verso via vita voi volta vuole`},
	{italian, 2, `
		è`},
	{italian, 1, `
		a ai al alle c' casa ci con cosa d' da del deve dice durante e era governo gran grande ha i il in
		l' la le lo lui ma mai me mi ne non o parte per persona poco quando quanto quelle qui se sei
		sempre si solo state su sua tanto te tempo tu un una uno va`},
	{portuguese, 3, `
		acordo agora ainda algum alguma algumas alguns alguém ali além ano anos ao aos apenas após aquela
		aquele aqui assim através até bem coisa com dela dele deles depois dessa desse desta deste devem
		dias direito direitos disse diz duas ela elas ele eles em enquanto então essa esse estava estão
		faz fazer foi fora foram hoje homem há isso isto já lhe lhes lá maior melhor mesma mesmo meu meus
		minha momento muita muito muitos mulher nas nem nenhum nessa nesse nesta neste ninguém nossa nosso
		nova novo num numa não nós obrigado onde ontem outra outras outro outros pela pelas pelo pelos
		pessoa pessoas pode podem poder pois pouco primeira primeiro quais qual qualquer quem quer seja
		sem sendo seu seus sim sob suas são só também tem tenho ter teve tinha trabalho três tudo têm uma
		umas vai vezes você vocês às`},
	{portuguese, 2, `
		é`},
	{portuguese, 1, `
		a antes as cada casa como contra da dar das de desde deve dia do dois dos durante e entre era esta
		este está eu for governo grande lo mais mas me menos na nada no nos nunca o os ou para parte país
		por porque quando quanto que se sempre ser será sido sobre sua tanto te tempo toda todas todo
		todos tu um uns vamos vez vida à`},
	{dutch, 3, `
		aan alleen altijd ben bent beter bij binnen daar daarom dag dan dat deze doen door dus echter een
		eens eerste elke enkele ervan geen geweest ging goed haar hadden heb hebben hebt heeft hem het hij
		hoe hun ieder iedere iedereen iemand iets ik jaar jij jou jouw jullie kan komen kon konden kunnen
		kunt laten leven maar maken meer mensen met mij mijn moet moeten mogen naar nemen niet niets
		nieuwe nog nooit nu om omdat onder ons onze ook op sinds soms staat tegen terug terwijl toch toen
		tot tussen twee tweede uit uw vaak van vanaf vandaag veel vele verder volgens voor vooral waar
		waarom wanneer wat weer weet wel welke werd wij wil wilde willen word wordt zal ze zeer zegt zei
		zelf zelfs zich zij zijn zo zoals zonder zou zouden zullen één`},
	{dutch, 1, `
		al alle alles als andere de der die dit doch en er had hier in is ja man me na niemand of over
		recht te u waren was we werden wie worden`},
	// Danish, Norwegian and Swedish; Catalan and Romanian; Polish, Czech, Slovak and
	// Croatian; Finnish and Hungarian; Turkish; Indonesian; Latin.
	{other, 3, `
		această acest af aj akan ako ale alebo altres amb ang ani aquest aquesta atau atque av az bare bio
		bir ble blev blir blive bliver bu byl być był było být care cha csak cu czy către daha dalam dari
		dels dengan deres det detta deur din dla dreptul dret după där efter egy ei eit eller els enhver
		està ett etter että ez fi fins fost från för gibi gjennom hade hak haki hakkı hans har havde hi
		hii hogy hon hulle hvad hvis hvor hän ikke ikkje ile ili ima ind ini inte itu için jag jak jako
		jeg jego jeho jest joga joka jos jotka jsou już kadar kao katika kay każdy každý koje koji která
		které který ktoré ktorý która które który kuin kun kuwa kwa lub med meg mellom mga mig minden mitä
		mod molt może mutta mycket myös má már més nebo nego není nga niin nije noe noen nogle när och
		också od og også oikeus olan olarak ole oleh oli orang oraz oricare orice ovat pada pe pels perquè
		po podle pravo prawo prin pro przez právo på při quae quan quod què samo sau sed sen setiap seva
		sier sig sige się ska skal skulle som sonra sunt svaki svako swoich säger så són sú să są tai
		també tego tidak til tots tylko té ud untuk vagy var ve ved vi vid vir vo volt vryheid være vært
		yang za är år çok és în över że že și`},
	{other, 2, `
		hy ng ug wa`},
	{other, 1, `
		a ali alla da dan dem den di disse ein el er esse este fra ha han ho hun i ja k kan na nem nie nu
		om persona però s sa ser seu sin su tot una v van w ya z ze`},
}

func init() {
	for _, list := range lists {
		for word := range strings.FieldsSeq(list.words) {
			addVotes(word, list.side, list.votes)
		}
	}
}
